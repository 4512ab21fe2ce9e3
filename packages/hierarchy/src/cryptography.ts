import { loadMessageEngine, type MessageEngine, wasmMessageEngine } from "@kmslite/aead/messages";

/** What the hierarchy takes from outside: the cipher and the randomness. */
export interface Cryptography {
  readonly engine: MessageEngine;
  /** `length` bytes from a cryptographically secure generator. */
  readonly random: (length: number) => Uint8Array;
}

/** The best engine of this platform, and its randomness. */
export async function platformCryptography(): Promise<Cryptography> {
  return { engine: await loadMessageEngine(), random: platformRandom };
}

/** As {@link platformCryptography}, with a compiled module of `@kmslite/aead` where compiling from bytes is forbidden. */
export function moduleCryptography(module: WebAssembly.Module): Cryptography {
  return { engine: wasmMessageEngine({ module }), random: platformRandom };
}

/** Randomness of the platform, in pieces of the 65,536 bytes that Web Crypto gives at once. */
export function platformRandom(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += 65_536) {
    crypto.getRandomValues(bytes.subarray(offset, Math.min(offset + 65_536, length)));
  }
  return bytes;
}
