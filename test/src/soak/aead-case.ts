/** One differential case of AES-GCM: drawn from its own seed, so that any case replays without those before it. */
import { type CipherGCMTypes, createCipheriv } from "node:crypto";
import { AuthenticationError, type MessageOptions, type SyncEngine, webCryptoEngine } from "@kmslite/aead";
import { type Random, randomFrom } from "./random.ts";

const LENGTHS = 4097;

/** A mismatch, or a flipped bit that was accepted. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
}

/** One message, and what `node:crypto` makes of it. */
interface Case {
  readonly key: Uint8Array<ArrayBuffer>;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly plaintext: Uint8Array<ArrayBuffer>;
  readonly options: { readonly aad: Uint8Array<ArrayBuffer>; readonly tagLength: number };
  readonly expected: Uint8Array;
}

/** Case `number` of a run; 4,097 cases in a row have texts of 0 to 4,096 bytes. */
function drawCase(seed: bigint, number: number): { readonly drawn: Case; readonly random: Random } {
  const random = randomFrom(seed, number);
  const key = unaligned(random, [16, 24, 32][random.below(3)] as number);
  const iv = unaligned(random, random.below(4) === 0 ? 1 + random.below(80) : 12);
  const aad = unaligned(random, random.below(2) === 0 ? 0 : random.below(300));
  const plaintext = unaligned(random, number % LENGTHS);
  const options = { aad, tagLength: 12 + random.below(5) };
  return {
    drawn: { key, iv, plaintext, options, expected: sealedByNode(key, iv, plaintext, options) },
    random,
  };
}

/**
 * Seals and opens one message, with the key given, with the key kept, or in chunks, compares with `node:crypto`, and sees
 * one flipped bit refused.
 *
 * @throws {Mismatch} if the engine differs from `node:crypto` or accepts the flipped bit
 */
export function checkCase(engine: SyncEngine, seed: bigint, number: number): void {
  const { drawn, random } = drawCase(seed, number);
  const { key, iv, plaintext, options, expected } = drawn;
  const way = WAYS[random.below(WAYS.length)] as Way;
  const { sealed, opened } = way(engine, drawn, random);
  if (!equal(sealed, expected)) throw new Mismatch(`${way.name}: seal of ${plaintext.length} bytes differs`);
  if (!equal(opened, plaintext)) throw new Mismatch(`${way.name}: open of ${plaintext.length} bytes differs`);

  const targets = [expected, iv, ...(options.aad.length === 0 ? [] : [options.aad])];
  const target = targets[random.below(targets.length)] as Uint8Array;
  const at = random.below(target.length);
  target[at] = (target[at] as number) ^ (1 << random.below(8));
  try {
    engine.open(key, iv, expected, options);
  } catch (error) {
    if (error instanceof AuthenticationError) return;
    throw error;
  }
  throw new Mismatch(`a flipped bit was accepted, in a message of ${plaintext.length} bytes`);
}

/**
 * Seals the same message as {@link checkCase}, compared with Web Crypto, which is too slow to be asked every time.
 *
 * @returns false if Web Crypto has no such messages: Node.js wants IVs of at least 12 bytes
 */
export async function checkCaseByWebCrypto(
  engine: SyncEngine,
  seed: bigint,
  number: number,
): Promise<boolean> {
  const { key, iv, plaintext, options } = drawCase(seed, number).drawn;
  if (iv.length < 12) return false;
  const expected = await webCryptoEngine().seal(key, iv, plaintext, options);
  if (!equal(engine.seal(key, iv, plaintext, options), expected))
    throw new Mismatch(`seal of ${plaintext.length} bytes differs from Web Crypto`);
  return true;
}

/**
 * Seals and opens a message of so many bytes in every way to cut it in up to three chunks.
 *
 * @returns how many ways there were
 */
export function checkSplits(engine: SyncEngine, seed: bigint, length: number): number {
  const drawn = drawCase(seed, length).drawn;
  let count = 0;
  for (let first = 0; first <= length; first++) {
    for (let second = first; second <= length; second++) {
      const { sealed, opened } = throughChunks(engine, drawn, [first, second]);
      if (!equal(sealed, drawn.expected) || !equal(opened, drawn.plaintext))
        throw new Mismatch(`${length} bytes cut at ${first} and ${second} differ`);
      count++;
    }
  }
  return count;
}

interface Outcome {
  readonly sealed: Uint8Array;
  readonly opened: Uint8Array;
}
type Way = (engine: SyncEngine, drawn: Case, random: Random) => Outcome;

const WAYS: readonly Way[] = [freshKey, keptKey, inChunks];

function freshKey(engine: SyncEngine, { key, iv, plaintext, options, expected }: Case): Outcome {
  return {
    sealed: engine.seal(key, iv, plaintext, options),
    opened: engine.open(key, iv, expected, options),
  };
}

function keptKey(engine: SyncEngine, { key, iv, plaintext, options, expected }: Case): Outcome {
  const kept = engine.key(key);
  const sealed = kept.seal(iv, plaintext, options);
  const opened = kept.open(iv, expected, options);
  kept.close();
  return { sealed, opened };
}

function inChunks(engine: SyncEngine, drawn: Case, random: Random): Outcome {
  const length = drawn.plaintext.length;
  return throughChunks(
    engine,
    drawn,
    Array.from({ length: random.below(6) }, () => random.below(length + 1)).sort((a, b) => a - b),
  );
}

function throughChunks(
  engine: SyncEngine,
  { key, iv, plaintext, options, expected }: Case,
  cuts: readonly number[],
): Outcome {
  const kept = engine.key(key);
  const chunked = (bytes: Uint8Array): Uint8Array[] =>
    [...cuts, bytes.length].map((end, index) => bytes.subarray(index === 0 ? 0 : cuts[index - 1], end));
  const sealer = kept.sealer(iv, options);
  const opener = kept.opener(iv, options satisfies MessageOptions);
  const sealed = Buffer.concat([...chunked(plaintext).map((chunk) => sealer.update(chunk)), sealer.finish()]);
  for (const chunk of chunked(expected)) opener.update(chunk);
  const opened = opener.finish();
  kept.close();
  return { sealed, opened };
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
