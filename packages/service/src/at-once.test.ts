/** Whoever replaces the global Promise, as some frameworks do, does not have the service go on before it may. */
import { afterEach, expect, test, vi } from "vitest";
import { CALLER, open } from "../test-support/open.ts";
import { isLater, whenThere } from "./at-once.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a caller without permission is refused where the global Promise is another one", async () => {
  const { kms, service, key } = await open({ keyCacheMs: 60_000 });
  const KeyId = await key();
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: Uint8Array.of(1) });
  await kms.decrypt({ CiphertextBlob });
  const principal = `arn:aws:iam::${CALLER.accountId}:user/ana`;
  const decrypt = () => service.call("Decrypt", { CiphertextBlob }, { ...CALLER, principal });
  const refused = { name: "AccessDeniedException" };
  await expect(decrypt()).rejects.toMatchObject(refused);
  vi.stubGlobal("Promise", class<Value> extends Promise<Value> {});
  await expect(decrypt()).rejects.toMatchObject(refused);
  expect(await kms.decrypt({ CiphertextBlob })).toMatchObject({ Plaintext: Uint8Array.of(1) });
  await expect(service.call("ListKeys", {}, CALLER)).resolves.toMatchObject({ Keys: [{ KeyId }] });
});

test.each([undefined, null, 0, "", Uint8Array.of(1), { name: "then" }])("%s is there", (value) => {
  expect(isLater(value)).toBe(false);
  expect(whenThere(value, (there) => [there])).toEqual([value]);
});
