/** One differential case of AES-GCM: drawn from its own seed, so that any case replays without those before it. */
import { type CipherGCMTypes, createCipheriv } from "node:crypto";
import { AuthenticationError, type SyncEngine } from "@kmslite/aead";
import { type Random, randomFrom } from "./random.ts";

const LENGTHS = 4097;

/** A mismatch, or a flipped bit that was accepted. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
}

/**
 * Seals and opens one message, compares with `node:crypto`, and sees one flipped bit refused.
 *
 * The text length is the case's number modulo 4,097, so 4,097 cases in a row cover 0 to 4,096 bytes.
 *
 * @throws {Mismatch} if the engine differs from `node:crypto` or accepts the flipped bit
 */
export function checkCase(engine: SyncEngine, seed: number, number: number): void {
  const random = randomFrom((seed ^ Math.imul(number + 1, 0x9e3779b1)) >>> 0);
  const length = number % LENGTHS;
  const key = unaligned(random, [16, 24, 32][random.below(3)] as number);
  const iv = unaligned(random, random.below(4) === 0 ? 1 + random.below(80) : 12);
  const aad = unaligned(random, random.below(2) === 0 ? 0 : random.below(300));
  const plaintext = unaligned(random, length);
  const options = { aad, tagLength: 12 + random.below(5) };
  const expected = sealedByNode(key, iv, plaintext, options);

  const sealed = engine.seal(key, iv, plaintext, options);
  if (!equal(sealed, expected)) throw new Mismatch(`seal of ${length} bytes differs`);
  if (!equal(engine.open(key, iv, expected, options), plaintext))
    throw new Mismatch(`open of ${length} bytes differs`);

  const targets = [expected, iv, ...(aad.length === 0 ? [] : [aad])];
  const target = targets[random.below(targets.length)] as Uint8Array;
  const at = random.below(target.length);
  target[at] = (target[at] as number) ^ (1 << random.below(8));
  try {
    engine.open(key, iv, expected, options);
  } catch (error) {
    if (error instanceof AuthenticationError) return;
    throw error;
  }
  throw new Mismatch(`a flipped bit was accepted, in a message of ${length} bytes`);
}

function sealedByNode(
  key: Uint8Array,
  iv: Uint8Array,
  plaintext: Uint8Array,
  { aad, tagLength }: { readonly aad: Uint8Array; readonly tagLength: number },
): Uint8Array {
  const algorithm = `aes-${key.length * 8}-gcm` as CipherGCMTypes;
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagLength });
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Random bytes that begin 0 to 15 bytes into their buffer. */
function unaligned(random: Random, length: number): Uint8Array<ArrayBuffer> {
  const offset = random.below(16);
  return random.bytes(offset + length).subarray(offset);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
