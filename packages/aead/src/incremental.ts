/**
 * AES-GCM over chunks of any size (NIST SP 800-38D §7). Sealing, and opening that releases what is not verified yet, need the
 * same memory for messages of any length; opening that does not needs as much as the message is long.
 */
import { AuthenticationError, type Opener, type Sealer, type UnverifiedOpener } from "./engine.ts";
import { outputForChunk } from "./lengths.ts";
import type { Pieces } from "./pieces.ts";

const BLOCK_LENGTH = 16;

/** Most bytes of plaintext in one message: 2³⁹ − 256 bits (SP 800-38D §5.2.1.1). */
const MAXIMUM_TEXT_LENGTH: number = 2 ** 36 - 32;

/** Memory that an opener takes for a message it has not verified yet, unless it is told otherwise: 64 MiB. */
export const DEFAULT_MAXIMUM_LENGTH: number = 64 * 1024 * 1024;

/** A message that its key ends when it is closed. */
export interface Ending {
  abort(): void;
}

/** Seals over `pieces`; the tag is cut to `tagLength` bytes. */
export function sealer(pieces: Pieces, tagLength: number): Sealer {
  const message = new OneMessage(pieces, (piece, output) => pieces.seal(piece, output), 0);
  return {
    update: (chunk, output) => message.update(chunk, output),
    finish: () =>
      message.finish((rest) => {
        const sealed = new Uint8Array(rest.length + tagLength);
        pieces.seal(rest, sealed.subarray(0, rest.length));
        sealed.set(pieces.tag().subarray(0, tagLength), rest.length);
        return sealed;
      }),
    abort: () => message.abort(),
  };
}

/** Opens over `pieces`, releasing plaintext as it comes. */
export function unverifiedOpener(pieces: Pieces, tagLength: number): UnverifiedOpener {
  const message = new OneMessage(pieces, (piece, output) => pieces.open(piece, output), tagLength);
  return {
    updateUnverified: (chunk, output) => message.update(chunk, output),
    finish: () =>
      message.finish((rest) => {
        if (rest.length < tagLength) throw new AuthenticationError();
        const plaintext = new Uint8Array(rest.length - tagLength);
        pieces.open(rest.subarray(0, plaintext.length), plaintext);
        if (pieces.verify(rest.subarray(plaintext.length))) return plaintext;
        plaintext.fill(0);
        throw new AuthenticationError();
      }),
    abort: () => message.abort(),
  };
}

/** Opens over `pieces`, releasing everything at the end or nothing at all. */
export function opener(pieces: Pieces, tagLength: number, maximumLength: number): Opener {
  const inner = unverifiedOpener(pieces, tagLength);
  const kept: Uint8Array[] = [];
  let length = 0;
  const discard = (): void => {
    for (const plaintext of kept) plaintext.fill(0);
    kept.length = 0;
  };
  const orDiscard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      discard();
      throw error;
    }
  };
  return {
    update: (chunk) =>
      orDiscard(() => {
        if (length + chunk.length > maximumLength + tagLength) {
          inner.abort();
          throw new RangeError(
            `AES-GCM message: expected at most ${maximumLength} bytes to keep until they are verified, got more`,
          );
        }
        length += chunk.length;
        kept.push(inner.updateUnverified(chunk));
      }),
    finish: () =>
      orDiscard(() => {
        kept.push(inner.finish());
        const plaintext = concatenate(kept);
        discard();
        return plaintext;
      }),
    abort: () => {
      inner.abort();
      discard();
    },
  };
}

/**
 * A message that is begun once and ended once; whatever throws ends it, and ending wipes it. It cuts chunks into whole
 * blocks, and keeps back what may belong to the end.
 */
class OneMessage {
  readonly #pieces: Pieces;
  readonly #work: Pieces["seal"];
  readonly #tagLength: number;
  /** What came last and was not taken yet: at most a tag and a block, less one byte. */
  #rest: Uint8Array = new Uint8Array(0);
  #length = 0;
  #ended = false;

  /**
   * @param work      what is done with whole blocks
   * @param tagLength bytes at the end that are no text: the tag of a message that is opened
   */
  constructor(pieces: Pieces, work: Pieces["seal"], tagLength: number) {
    this.#pieces = pieces;
    this.#work = work;
    this.#tagLength = tagLength;
  }

  update(chunk: Uint8Array, output: Uint8Array | undefined): Uint8Array {
    this.#assertOpen();
    const text = Math.max(0, this.#rest.length + chunk.length - this.#tagLength);
    const whole = text - (text % BLOCK_LENGTH);
    const result = outputForChunk(chunk, whole, output);
    this.#orEnd(() => {
      this.#count(whole);
      this.#take(chunk, result);
    });
    return result;
  }

  finish(work: (rest: Uint8Array) => Uint8Array): Uint8Array {
    this.#assertOpen();
    try {
      this.#count(Math.max(0, this.#rest.length - this.#tagLength));
      return work(this.#rest);
    } finally {
      this.abort();
    }
  }

  abort(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#keep(new Uint8Array(0));
    this.#pieces.wipe();
  }

  /** Works on as many whole blocks as `result` is long, and keeps back what is behind them. */
  #take(chunk: Uint8Array, result: Uint8Array): void {
    // What was kept back becomes blocks with the beginning of the chunk; all others are taken from where they lie.
    const first = Math.min(result.length, Math.ceil(this.#rest.length / BLOCK_LENGTH) * BLOCK_LENGTH);
    const taken = Math.max(0, first - this.#rest.length);
    const joined = concatenate([this.#rest, chunk.subarray(0, taken)]);
    const end = taken + result.length - first;
    if (first > 0) this.#work(joined.subarray(0, first), result.subarray(0, first));
    if (end > taken) this.#work(chunk.subarray(taken, end), result.subarray(first));
    this.#keep(concatenate([joined.subarray(first), chunk.subarray(end)]));
    joined.fill(0);
  }

  #assertOpen(): void {
    if (this.#ended) throw new TypeError("AES-GCM message: it was finished, aborted, or its key was closed");
  }

  #orEnd<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  #count(length: number): void {
    this.#length += length;
    if (this.#length > MAXIMUM_TEXT_LENGTH)
      throw new RangeError(`AES-GCM message: expected at most ${MAXIMUM_TEXT_LENGTH} bytes, got more`);
  }

  #keep(rest: Uint8Array): void {
    this.#rest.fill(0);
    this.#rest = rest;
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
