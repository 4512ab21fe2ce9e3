/** What GenerateMac and VerifyMac share: the members of their requests, and the HMAC key ready for use. */
import type { KeyRecord } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import type { Runtime } from "./runtime.ts";
import { type MacAlgorithmSpec, macAlgorithm } from "./shapes/algorithms.ts";
import { grantTokens, keyId, plaintext } from "./shapes/common.ts";
import { boolean, type MembersOf, optional, required } from "./shapes/shape.ts";

export interface MacRequest {
  Message: Uint8Array | undefined;
  KeyId: string | undefined;
  MacAlgorithm: MacAlgorithmSpec | undefined;
  GrantTokens?: string[] | undefined;
  DryRun?: boolean | undefined;
}

export const macMembers: MembersOf<MacRequest> = {
  Message: required(plaintext),
  KeyId: required(keyId),
  MacAlgorithm: required(macAlgorithm),
  GrantTokens: optional(grantTokens),
  DryRun: optional(boolean),
};

/** The HMAC key of a KMS key. It is wiped when it leaves memory: use it before anything is awaited, and don't keep it. */
export async function macKeyOf(runtime: Runtime, key: KeyRecord): Promise<Uint8Array> {
  const { keyMaterialId } = key;
  const { backingKeys } = runtime;
  const ready = await backingKeys.prepared(backingKeys.macKeys, key, keyMaterialId, (material) => {
    const macKey = material.slice();
    return { keyMaterialId, macKey, destroy: () => macKey.fill(0) };
  });
  if (ready !== undefined) return ready.macKey;
  throw new KmsError("KMSInternalException", `The material of ${key.keyId} is missing`);
}
