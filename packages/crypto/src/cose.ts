/**
 * COSE_Sign1 (RFC 9052 §4.2) with ES384 (RFC 9053 §2.1): one message, one signature by ECDSA on P-384 with SHA-384. No other
 * algorithm, no unprotected header.
 */

import { concatBytes } from "@noble/hashes/utils.js";
import { derSequence, derUnsignedInteger } from "./asn1/der.ts";
import { type CborMap, CborTagged, type CborValue, decodeCbor, encodeCborBytes } from "./cose/cbor.ts";
import { CoseError } from "./cose/cose-error.ts";
import type { PublicKey } from "./key-pair.ts";

export { type CborMap, type CborValue, decodeCbor } from "./cose/cbor.ts";
export { CoseError } from "./cose/cose-error.ts";

/** A COSE_Sign1 as it came: whether its signature is valid is for {@link verifySign1} to say. */
export interface Sign1 {
  readonly payload: Uint8Array;
  /** The Sig_structure (RFC 9052 §4.4): what is signed. */
  readonly signed: Uint8Array;
  /** r ‖ s */
  readonly signature: Uint8Array;
}

/** RFC 9052 table 2. */
const COSE_SIGN1_TAG = 18;
/** RFC 9052 §3.1: the header that names the algorithm. */
const ALGORITHM = 1;
/** RFC 9053 table 1. */
const ES384 = -35;
/** Bytes of each half of a signature on P-384. */
const FIELD_LENGTH = 48;

/**
 * @param bytes tagged or not
 * @throws {CoseError} if they are anything else, or another algorithm's
 */
export function parseSign1(bytes: Uint8Array): Sign1 {
  const decoded = decodeCbor(bytes);
  const message = decoded instanceof CborTagged ? untagged(decoded) : decoded;
  if (!Array.isArray(message) || message.length !== 4) throw new CoseError("expected an array of 4");
  const [header, unprotectedHeader, payload, signature] = message as readonly CborValue[];
  if (!(header instanceof Uint8Array && payload instanceof Uint8Array && signature instanceof Uint8Array)) {
    throw new CoseError("expected byte strings as header, payload and signature");
  }
  const algorithm = mapOf(decodeCbor(header));
  if (algorithm.size !== 1 || algorithm.get(ALGORITHM) !== ES384) {
    throw new CoseError("expected ES384 as the one protected header");
  }
  if (mapOf(unprotectedHeader).size !== 0) throw new CoseError("expected no unprotected header");
  if (signature.length !== 2 * FIELD_LENGTH) {
    throw new CoseError(`expected a signature of ${2 * FIELD_LENGTH} bytes, got ${signature.length}`);
  }
  return { payload, signed: signedPart(header, payload), signature };
}

/** Whether the message is signed by this key of P-384. */
export async function verifySign1({ signed, signature }: Sign1, key: PublicKey): Promise<boolean> {
  const der = derSequence(
    derUnsignedInteger(signature.subarray(0, FIELD_LENGTH)),
    derUnsignedInteger(signature.subarray(FIELD_LENGTH)),
  );
  return await key.verify("ECDSA_SHA_384", signed, "RAW", der);
}

function untagged({ tag, value }: CborTagged): CborValue {
  if (tag !== COSE_SIGN1_TAG) throw new CoseError(`expected tag ${COSE_SIGN1_TAG}, got ${tag}`);
  return value;
}

function mapOf(value: CborValue | undefined): CborMap {
  if (!(value instanceof Map)) throw new CoseError("expected a map as header");
  return value;
}

/** `["Signature1", protected, external_aad, payload]`, where no external data is an empty string. */
function signedPart(header: Uint8Array, payload: Uint8Array): Uint8Array {
  const context = new TextEncoder().encode("Signature1");
  return concatBytes(
    // An array of 4, then a text of 10 bytes.
    Uint8Array.of(0x84, 0x60 | context.length),
    context,
    encodeCborBytes(header),
    encodeCborBytes(new Uint8Array(0)),
    encodeCborBytes(payload),
  );
}
