/** What Sign and Verify share: the members of their requests, and what a message of each type must be. */
import type { KeyRecord } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import { type SigningAlgorithmSpec, signingAlgorithm } from "./shapes/algorithms.ts";
import { grantTokens, keyId, plaintext } from "./shapes/common.ts";
import { boolean, type MembersOf, oneOf, optional, required } from "./shapes/shape.ts";

/**
 * Whether the message is still to be hashed (`RAW`), is its digest (`DIGEST`), or is the representative μ of ML-DSA
 * (`EXTERNAL_MU`, FIPS 204 §6.2).
 */
export type MessageType = "RAW" | "DIGEST" | "EXTERNAL_MU";

export interface SignatureRequest {
  KeyId: string | undefined;
  Message: Uint8Array | undefined;
  MessageType?: MessageType | undefined;
  GrantTokens?: string[] | undefined;
  SigningAlgorithm: SigningAlgorithmSpec | undefined;
  DryRun?: boolean | undefined;
}

export const signatureMembers: MembersOf<SignatureRequest> = {
  KeyId: required(keyId),
  Message: required(plaintext),
  MessageType: optional(oneOf(["RAW", "DIGEST", "EXTERNAL_MU"])),
  GrantTokens: optional(grantTokens),
  SigningAlgorithm: required(signingAlgorithm),
  DryRun: optional(boolean),
};

/** Length of μ in bytes. */
const MU_LENGTH = 64;

/**
 * Checks a message whose algorithm suits the key.
 *
 * @throws {KmsError} ValidationException if the algorithm takes no message of this type, or none of this length
 */
export function assertMessage(
  { keySpec }: KeyRecord,
  algorithm: SigningAlgorithmSpec,
  message: Uint8Array,
  messageType: MessageType,
): void {
  const only = onlyTypeOf(algorithm);
  if (only !== undefined && messageType !== only) {
    throw invalid(`Message type ${messageType} is incompatible with algorithm ${algorithm}.`);
  }
  const other = algorithm === "ML_DSA_SHAKE_256" ? "DIGEST" : "EXTERNAL_MU";
  if (messageType === other) {
    throw invalid(`Message type ${messageType} is incompatible with key spec ${keySpec}.`);
  }
  if (messageType === "DIGEST" && message.length !== digestLength(algorithm)) {
    throw invalid(`Digest is invalid length for algorithm ${algorithm}.`);
  }
  if (messageType === "EXTERNAL_MU" && message.length !== MU_LENGTH) {
    throw invalid(`External Mu is invalid length for algorithm ${algorithm}.`);
  }
}

/** The one message type that an algorithm of Ed25519 takes. */
function onlyTypeOf(algorithm: SigningAlgorithmSpec): MessageType | undefined {
  if (algorithm === "ED25519_SHA_512") return "RAW";
  return algorithm === "ED25519_PH_SHA_512" ? "DIGEST" : undefined;
}

/** Length in bytes of the digest that an algorithm signs: that of SM3, or what the name ends in. */
function digestLength(algorithm: SigningAlgorithmSpec): number {
  return algorithm === "SM2DSA" ? 32 : Number(algorithm.slice(-3)) / 8;
}

function invalid(message: string): KmsError {
  return new KmsError("ValidationException", message);
}
