/** Which operation is allowed in which key state and for which keys, and how AWS words the refusal. */
import { keyArn } from "./arn.ts";
import type { KeyRecord, KeyState } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import { algorithmsOf, isKeyPair } from "./key-specs.ts";
import type { KeyUsageType, OriginType } from "./shapes/key-types.ts";

/** Every state of a key. */
export const ANY_STATE: readonly KeyState[] = [
  "Creating",
  "Enabled",
  "Disabled",
  "PendingDeletion",
  "PendingImport",
  "PendingReplicaDeletion",
  "Unavailable",
  "Updating",
];

/** Every state of a key that is to stay. */
export const NOT_PENDING_DELETION: readonly KeyState[] = ANY_STATE.filter(
  (state) => state !== "PendingDeletion" && state !== "PendingReplicaDeletion",
);

/** States in which cryptographic operations are allowed. */
export const USABLE: readonly KeyState[] = ["Enabled", "Updating"];

/** @throws {KmsError} DisabledException or KMSInvalidStateException if the key is in no allowed state */
export function assertState(key: KeyRecord, allowedIn: readonly KeyState[]): void {
  if (allowedIn.includes(key.state)) return;
  const arn = keyArn(key, key.keyId);
  if (allowedIn.every((state) => state === "PendingDeletion" || state === "PendingReplicaDeletion")) {
    throw new KmsError("KMSInvalidStateException", `${arn} is not pending deletion.`);
  }
  const name = key.state === "Disabled" ? "DisabledException" : "KMSInvalidStateException";
  throw new KmsError(name, `${arn} is ${inWords(key.state)}.`);
}

/** `PendingDeletion` is told as `pending deletion`. */
function inWords(state: KeyState): string {
  return state.replace(/\B[A-Z]/g, " $&").toLowerCase();
}

/** @throws {KmsError} UnsupportedOperationException if the operation does not exist for keys of this origin */
export function assertOrigin(key: KeyRecord, origins: readonly OriginType[]): void {
  if (origins.includes(key.origin)) return;
  throw new KmsError(
    "UnsupportedOperationException",
    `${keyArn(key, key.keyId)} origin is ${key.origin} which is not valid for this operation.`,
  );
}

/** @throws {KmsError} UnsupportedOperationException: only keys for symmetric encryption rotate */
export function assertRotatable(key: KeyRecord): void {
  if (key.keySpec !== "SYMMETRIC_DEFAULT") throw unsupportedSpec(key);
}

/** @throws {KmsError} UnsupportedOperationException: only key pairs have a public key */
export function assertKeyPair(key: KeyRecord): void {
  if (!isKeyPair(key.keySpec)) throw unsupportedSpec(key);
}

function unsupportedSpec(key: KeyRecord): KmsError {
  return new KmsError(
    "UnsupportedOperationException",
    `${keyArn(key, key.keyId)} key spec is ${key.keySpec} which is not valid for this operation.`,
  );
}

/** @throws {KmsError} InvalidKeyUsageException if the operation is not what the key is for */
export function assertUsage(key: KeyRecord, usage: KeyUsageType, operation: string): void {
  if (key.keyUsage === usage) return;
  throw new KmsError(
    "InvalidKeyUsageException",
    `${keyArn(key, key.keyId)} key usage is ${key.keyUsage} which is not valid for ${operation}.`,
  );
}

/**
 * Checks that the key's spec has an algorithm for its usage.
 *
 * @throws {KmsError} InvalidKeyUsageException
 */
export function assertAlgorithm(key: KeyRecord, algorithm: string): void {
  const algorithms: readonly string[] = algorithmsOf(key.keySpec)[key.keyUsage] ?? [];
  if (algorithms.includes(algorithm)) return;
  throw new KmsError(
    "InvalidKeyUsageException",
    `Algorithm ${algorithm} is incompatible with key spec ${key.keySpec}.`,
  );
}
