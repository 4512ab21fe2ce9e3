/**
 * AES-GCM over chunks of any size (NIST SP 800-38D §7). Sealing, and opening that releases what is not verified yet, need the
 * same memory for messages of any length; opening that does not needs as much as the message is long.
 */
import { AuthenticationError, type Opener, type Sealer, type UnverifiedOpener } from "./engine.ts";
import type { Pieces } from "./pieces.ts";

const BLOCK_LENGTH = 16;

/** Most bytes of plaintext in one message: 2³⁹ − 256 bits (SP 800-38D §5.2.1.1). */
const MAXIMUM_TEXT_LENGTH: number = 2 ** 36 - 32;

/** Memory that an opener takes for a message it has not verified yet, unless it is told otherwise: 64 MiB. */
export const DEFAULT_MAXIMUM_LENGTH: number = 64 * 1024 * 1024;

/** Seals over `pieces`; the tag is cut to `tagLength` bytes. */
export function sealer(pieces: Pieces, tagLength: number): Sealer {
  const blocks = new Blocks(0);
  const message = new OneMessage(pieces);
  return {
    update: (chunk) => message.step(() => pieces.seal(blocks.take(chunk))),
    finish: () =>
      message.end(() => {
        const rest = pieces.seal(blocks.rest);
        return concatenate([rest, pieces.tag().subarray(0, tagLength)]);
      }),
    abort: () => message.abort(),
  };
}

/** Opens over `pieces`, releasing plaintext as it comes. */
export function unverifiedOpener(pieces: Pieces, tagLength: number): UnverifiedOpener {
  const blocks = new Blocks(tagLength);
  const message = new OneMessage(pieces);
  return {
    updateUnverified: (chunk) => message.step(() => pieces.open(blocks.take(chunk))),
    finish: () =>
      message.end(() => {
        const { rest } = blocks;
        if (rest.length < tagLength) throw new AuthenticationError();
        const plaintext = pieces.open(rest.subarray(0, rest.length - tagLength));
        if (pieces.verify(rest.subarray(rest.length - tagLength))) return plaintext;
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

/** A message that is begun once and ended once; whatever throws ends it, and ending wipes it. */
class OneMessage {
  readonly #pieces: Pieces;
  #ended = false;
  #length = 0;

  constructor(pieces: Pieces) {
    this.#pieces = pieces;
  }

  step(work: () => Uint8Array): Uint8Array {
    this.#assertOpen();
    try {
      const output = work();
      this.#length += output.length;
      if (this.#length > MAXIMUM_TEXT_LENGTH) {
        throw new RangeError(`AES-GCM message: expected at most ${MAXIMUM_TEXT_LENGTH} bytes, got more`);
      }
      return output;
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  end(work: () => Uint8Array): Uint8Array {
    try {
      return this.step(work);
    } finally {
      this.abort();
    }
  }

  abort(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#pieces.wipe();
  }

  #assertOpen(): void {
    if (this.#ended) throw new TypeError("AES-GCM message: it was finished, aborted, or its key was closed");
  }
}

/** Cuts chunks into whole blocks, and keeps back what may belong to the end. */
class Blocks {
  readonly #kept: number;
  #rest: Uint8Array = new Uint8Array(0);

  /** @param kept bytes at the end that are no text: the tag of a message that is opened */
  constructor(kept: number) {
    this.#kept = kept;
  }

  /** What came last and was not taken yet. */
  get rest(): Uint8Array {
    return this.#rest;
  }

  /** All whole blocks that are text for certain. */
  take(chunk: Uint8Array): Uint8Array {
    const all = this.#rest.length === 0 ? chunk : concatenate([this.#rest, chunk]);
    const text = Math.max(0, all.length - this.#kept);
    const whole = text - (text % BLOCK_LENGTH);
    // A copy: the chunk is the caller's, and `all` may hold plaintext that must not be kept. Buffer's `slice` would share.
    const rest = new Uint8Array(all.subarray(whole));
    this.#rest.fill(0);
    this.#rest = rest;
    return all.subarray(0, whole);
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
