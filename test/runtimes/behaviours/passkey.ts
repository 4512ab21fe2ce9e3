/** A root key from a passkey, in a page whose authenticator the driver plays. */
import { createKms, memoryStore } from "kmslite";
import { newPasskey, passkeyRootKey } from "kmslite/browser";
import { type Platform, same } from "./platform.ts";
import { opensAgain } from "./root-keys.ts";

export async function passkey(platform: Platform): Promise<string> {
  const [mine, another] = [
    await newPasskey({ site: "KMSLite", user: "one" }),
    await newPasskey({ site: "KMSLite", user: "two" }),
  ];
  await opensAgain(platform, () => passkeyRootKey(mine));
  const store = memoryStore();
  await createKms({ root: await passkeyRootKey(mine), store });
  const refusal = await createKms({ root: await passkeyRootKey(another), store }).then(
    () => "opened",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : String(error)),
  );
  same("with another passkey", refusal, "WrongRootKey");
  return "the extension prf";
}
