/** Ed25519 signatures under bare public keys of 32 bytes, as checkpoints have them. */
import { concatBytes } from "@kmslite/crypto";
import { eccNistEdwards25519 } from "@kmslite/crypto/ed25519";
import type { VerifySignature } from "./signed-note.ts";

/** What SubjectPublicKeyInfo of an Ed25519 key begins with (RFC 8410 §4). */
const SPKI_PREFIX: Uint8Array = Uint8Array.of(
  0x30,
  0x2a,
  0x30,
  0x05,
  0x06,
  0x03,
  0x2b,
  0x65,
  0x70,
  0x03,
  0x21,
  0x00,
);

export const verifyEd25519: VerifySignature = async (publicKey, message, signature) => {
  try {
    const key = await eccNistEdwards25519.importPublicKey(concatBytes(SPKI_PREFIX, publicKey));
    return await key.verify("ED25519_SHA_512", message, "RAW", signature);
  } catch {
    // No point of the curve: nothing is signed by it.
    return false;
  }
};
