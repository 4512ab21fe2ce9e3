import { expect, test } from "vitest";
import { NOW, presign, SECRET, signInHeader, TOKEN } from "../test-support/mutants.ts";
import { sigV4Authenticator } from "./authenticate.ts";

const unsigned = {
  method: "POST",
  path: "/",
  query: "",
  headers: [["Content-Type", "application/x-amz-json-1.1"]],
  body: new TextEncoder().encode("{}"),
} as const;

const key = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: SECRET,
  sessionToken: TOKEN,
  accountId: "111122223333",
  principal: "arn:aws:iam::111122223333:root",
};

const authenticator = (options: { replayGuard?: boolean; accessKeys?: readonly (typeof key)[] } = {}) =>
  sigV4Authenticator({ accessKeys: [key], regions: ["us-east-1"], clock: () => NOW, ...options });

test.each([
  ["header", signInHeader],
  ["query", presign],
] as const)("a replay guard accepts each signature once, in the %s", async (_, sign) => {
  const guarded = authenticator({ replayGuard: true });
  await expect(guarded(sign(unsigned), "kms")).resolves.toMatchObject({ accountId: "111122223333" });
  await expect(guarded(sign(unsigned), "kms")).rejects.toMatchObject({ name: "InvalidSignatureException" });
  const other = sign({ ...unsigned, body: new TextEncoder().encode('{"Limit":1}') });
  await expect(guarded(other, "kms")).resolves.toMatchObject({ region: "us-east-1" });
});

test("without one a request can be sent again", async () => {
  const authenticate = authenticator();
  for (let count = 0; count < 2; count++)
    await expect(authenticate(signInHeader(unsigned), "kms")).resolves.toMatchObject({ region: "us-east-1" });
});

test("an unknown access key, a wrong secret and a wrong session token are refused alike", async () => {
  const refusals = [[], [{ ...key, secretAccessKey: "another" }], [{ ...key, sessionToken: "another" }]].map(
    async (accessKeys) => {
      const refusal = await authenticator({ accessKeys })(signInHeader(unsigned), "kms").catch(
        (error) => error,
      );
      return { ...refusal, name: refusal.name, message: refusal.message };
    },
  );
  const [unknown, ...others] = await Promise.all(refusals);
  expect(unknown).toMatchObject({ name: "InvalidSignatureException" });
  for (const other of others) expect(other).toEqual(unknown);
});
