/**
 * Authenticated encryption under a key that is derived anew for every message, with key commitment.
 *
 * One call of the SP 800-108 KDF gives `K ‖ C ‖ IV` (32 + 32 + 12 bytes) from the long-lived key and a context that
 * holds a fresh 256-bit random value, so that no two messages share K and the bound of 2^32 messages per AES-GCM key
 * (NIST SP 800-38D §8.3) never comes near. C commits to K, which GCM alone does not; it is compared first.
 */
import { AuthenticationError } from "@kmslite/aead/messages";
import { equalConstantTime, fixedInputData, type HmacSha256Key, kbkdfCounter, sha256 } from "@kmslite/crypto";
import type { Cryptography } from "./cryptography.ts";

/** Length of the commitment C in bytes. */
export const COMMITMENT_LENGTH = 32;
/** Length of the random value N in bytes. */
export const RANDOM_LENGTH = 32;
/** Length of the AES-GCM tag in bytes. */
export const TAG_LENGTH = 16;

const KEY_LENGTH = 32;
const IV_LENGTH = 12;
const DERIVED_LENGTH = KEY_LENGTH + COMMITMENT_LENGTH + IV_LENGTH;

/**
 * Where keys are derived, wiped when each call ends. Calls are synchronous, so one place serves all; making it anew, with views of its
 * parts, would cost more than deriving.
 */
const derived = new Uint8Array(DERIVED_LENGTH);
const messageKey = derived.subarray(0, KEY_LENGTH);
const commitment = derived.subarray(KEY_LENGTH, KEY_LENGTH + COMMITMENT_LENGTH);
const iv = derived.subarray(KEY_LENGTH + COMMITMENT_LENGTH);

/** What binds one message to its place. */
export interface MessageBinding {
  /** Purpose of the derivation, the KDF's Label. 14 characters or fewer keep an HMAC within one block. */
  readonly label: string;
  /** SHA-256 of everything that the derived keys depend on, the random value N among it: 32 bytes. */
  readonly context: Uint8Array;
  /** Additional authenticated data for AES-GCM. */
  readonly aad: Uint8Array;
}

/**
 * Writes `C ‖ ciphertext ‖ tag`.
 *
 * @param output 48 bytes longer than the plaintext
 */
export function sealCommitted(
  cryptography: Cryptography,
  key: HmacSha256Key,
  binding: MessageBinding,
  plaintext: Uint8Array,
  output: Uint8Array,
): void {
  derive(key, binding);
  try {
    output.set(commitment);
    cryptography.engine.seal(messageKey, iv, plaintext, {
      aad: binding.aad,
      output: output.subarray(COMMITMENT_LENGTH),
    });
  } finally {
    derived.fill(0);
  }
}

/** The plaintext of `C ‖ ciphertext ‖ tag`, or `undefined` if the commitment or the tag does not fit. */
export function openCommitted(
  cryptography: Cryptography,
  key: HmacSha256Key,
  binding: MessageBinding,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < COMMITMENT_LENGTH + TAG_LENGTH) return undefined;
  derive(key, binding);
  try {
    if (!equalConstantTime(commitment, sealed.subarray(0, COMMITMENT_LENGTH))) return undefined;
    return cryptography.engine.open(messageKey, iv, sealed.subarray(COMMITMENT_LENGTH), { aad: binding.aad });
  } catch (error) {
    if (error instanceof AuthenticationError) return undefined;
    throw error;
  } finally {
    derived.fill(0);
  }
}

/** `N ‖ C ‖ ciphertext ‖ tag` under a fresh N: how root and domain keys wrap other keys. 80 bytes longer. */
export function wrapKeyBytes(
  cryptography: Cryptography,
  key: HmacSha256Key,
  label: string,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const N = cryptography.random(RANDOM_LENGTH);
  const output = new Uint8Array(N.length + COMMITMENT_LENGTH + plaintext.length + TAG_LENGTH);
  output.set(N);
  const binding = wrapBinding(label, N, aad);
  sealCommitted(cryptography, key, binding, plaintext, output.subarray(N.length));
  return output;
}

/** What {@link wrapKeyBytes} wrapped, or `undefined` if key, label, AAD or bytes are not the same. */
export function unwrapKeyBytes(
  cryptography: Cryptography,
  key: HmacSha256Key,
  label: string,
  aad: Uint8Array,
  wrapped: Uint8Array,
): Uint8Array | undefined {
  if (wrapped.length < RANDOM_LENGTH) return undefined;
  const N = wrapped.subarray(0, RANDOM_LENGTH);
  return openCommitted(cryptography, key, wrapBinding(label, N, aad), wrapped.subarray(RANDOM_LENGTH));
}

function wrapBinding(label: string, N: Uint8Array, aad: Uint8Array): MessageBinding {
  return { label, context: sha256(N, aad), aad };
}

function derive(key: HmacSha256Key, binding: MessageBinding): void {
  const input = fixedInputData(binding.label, binding.context, DERIVED_LENGTH);
  kbkdfCounter(key, input, DERIVED_LENGTH, 32, derived);
}
