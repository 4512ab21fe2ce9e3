/**
 * The NIST curves by Web Crypto: native, off the main thread, and written by people who measure its timing. It hashes what
 * it signs, so it does `RAW` messages and key agreement; digests, and runtimes without a curve, are left to `@noble/curves`.
 */
import { DerError, DerReader, derSequence, derUnsignedInteger } from "../asn1/der.ts";
import { webCryptoBytes } from "../web-crypto-bytes.ts";

/** A curve and its hash, as Web Crypto names them. */
export interface NativeCurve {
  readonly namedCurve: "P-256" | "P-384" | "P-521";
  readonly hash: "SHA-256" | "SHA-384" | "SHA-512";
}

type Purpose = "ECDSA" | "ECDH";

/** The public key of a peer has no use of its own. */
const USAGES: Readonly<Record<`${Purpose}/${"pkcs8" | "spki"}`, KeyUsage[]>> = {
  "ECDSA/pkcs8": ["sign"],
  "ECDSA/spki": ["verify"],
  "ECDH/pkcs8": ["deriveBits"],
  "ECDH/spki": [],
};

/** Web Crypto's keys of one elliptic curve key, imported when they are first used. */
export interface NativeKeys {
  /** @returns undefined if this runtime does not have the curve */
  forPurpose(purpose: Purpose): Promise<CryptoKey | undefined>;
  /** Lets go of all keys; none can be had afterwards. */
  forget(): void;
}

/**
 * @param curve undefined if Web Crypto has no such curve
 * @param encode the key in that format; wiped after it was imported
 */
export function nativeKeys(
  curve: NativeCurve | undefined,
  format: "pkcs8" | "spki",
  encode: () => Uint8Array,
): NativeKeys {
  const kept = new Map<Purpose, Promise<CryptoKey | undefined>>();
  let usable = curve !== undefined;
  const load = async (purpose: Purpose): Promise<CryptoKey | undefined> => {
    const algorithm = { name: purpose, namedCurve: curve?.namedCurve ?? "" };
    const usages = USAGES[`${purpose}/${format}`];
    const bytes = webCryptoBytes(encode());
    try {
      return await crypto.subtle.importKey(format, bytes, algorithm, false, usages);
    } catch {
      // Our own parser took this key: what is refused here is the curve.
      return undefined;
    } finally {
      bytes.fill(0);
    }
  };
  return {
    forPurpose: async (purpose) => {
      if (!usable) return undefined;
      const key = kept.get(purpose) ?? load(purpose);
      kept.set(purpose, key);
      return await key;
    },
    forget: () => {
      usable = false;
      kept.clear();
    },
  };
}

/** ECDSA of a message. @returns DER */
export async function signNatively(
  key: CryptoKey,
  { hash }: NativeCurve,
  message: Uint8Array,
): Promise<Uint8Array> {
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash }, key, webCryptoBytes(message));
  const halves = new Uint8Array(signature);
  const middle = halves.length / 2;
  return derSequence(
    derUnsignedInteger(halves.subarray(0, middle)),
    derUnsignedInteger(halves.subarray(middle)),
  );
}

/** @param signature DER; whatever is not is not valid. @param fieldLength bytes of each half, as Web Crypto wants them */
export async function verifyNatively(
  key: CryptoKey,
  { hash }: NativeCurve,
  message: Uint8Array,
  signature: Uint8Array,
  fieldLength: number,
): Promise<boolean> {
  const halves = halvesOf(signature, fieldLength);
  if (halves === undefined) return false;
  return await crypto.subtle.verify({ name: "ECDSA", hash }, key, halves, webCryptoBytes(message));
}

/** ECDH. @returns the x-coordinate, as long as the field */
export async function deriveNatively(
  key: CryptoKey,
  peer: CryptoKey,
  fieldLength: number,
): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: peer }, key, 8 * fieldLength));
}

/** r ‖ s of Ecdsa-Sig-Value (RFC 3279 §2.2.3). */
function halvesOf(signature: Uint8Array, fieldLength: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    const outer = new DerReader(signature);
    const fields = outer.readSequence();
    outer.expectEnd();
    const halves = new Uint8Array(2 * fieldLength);
    for (const end of [fieldLength, 2 * fieldLength]) {
      const half = fields.readUnsignedInteger();
      if (half.length > fieldLength) return undefined;
      halves.set(half, end - half.length);
    }
    fields.expectEnd();
    return halves;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
