/** The ways in which an engine can be used: all have to agree with the vectors. */
import type { AeadKey, AsyncEngine, MessageOptions, SyncEngine } from "@kmslite/aead";

type Bytes = Uint8Array | Promise<Uint8Array>;

/** One way of sealing and opening whole messages with an engine. */
export interface Way {
  readonly name: string;
  seal(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array, options: MessageOptions): Bytes;
  open(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array, options: MessageOptions): Bytes;
}

/** Whole messages, from buffers of their own. */
export function oneShot(engine: SyncEngine | AsyncEngine): Way {
  return {
    name: "one-shot",
    seal: (key, iv, plaintext, options) => engine.seal(key, iv, plaintext, options),
    open: (key, iv, sealed, options) => engine.open(key, iv, sealed, options),
  };
}

/** Whole messages under a key that stays expanded, after another message that it must not remember. */
export function keptKey(engine: SyncEngine): Way {
  const used = (key: Uint8Array, work: (kept: AeadKey) => Uint8Array): Uint8Array => {
    const kept = engine.key(key);
    try {
      kept.seal(new Uint8Array(12), new Uint8Array(100));
      return work(kept);
    } finally {
      kept.close();
    }
  };
  return {
    name: "kept key",
    seal: (key, iv, plaintext, options) => used(key, (kept) => kept.seal(iv, plaintext, options)),
    open: (key, iv, sealed, options) => used(key, (kept) => kept.open(iv, sealed, options)),
  };
}

/** Messages in chunks of 1, 2, 3, … bytes. */
export function chunked(engine: SyncEngine): Way {
  const used = (key: Uint8Array, work: (kept: AeadKey) => Uint8Array): Uint8Array => {
    const kept = engine.key(key);
    try {
      return work(kept);
    } finally {
      kept.close();
    }
  };
  return {
    name: "chunks",
    seal: (key, iv, plaintext, options) =>
      used(key, (kept) => {
        const sealer = kept.sealer(iv, options);
        const parts = chunksOf(plaintext).map((chunk) => sealer.update(chunk));
        return concatenated([...parts, sealer.finish()]);
      }),
    open: (key, iv, sealed, options) =>
      used(key, (kept) => {
        const opener = kept.opener(iv, options);
        for (const chunk of chunksOf(sealed)) opener.update(chunk);
        return opener.finish();
      }),
  };
}

function chunksOf(whole: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, length = 1; at < whole.length; at += length, length++) {
    chunks.push(whole.subarray(at, at + length));
  }
  return chunks;
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** Another way, with every argument a view that begins at an odd offset of a larger buffer. */
export function unaligned(way: Way): Way {
  return {
    name: `${way.name}, unaligned`,
    seal: (key, iv, plaintext, { aad, ...rest }) =>
      way.seal(shifted(key, 1), shifted(iv, 3), shifted(plaintext, 5), { ...rest, aad: shiftedAad(aad) }),
    open: (key, iv, sealed, { aad, ...rest }) =>
      way.open(shifted(key, 7), shifted(iv, 9), shifted(sealed, 11), { ...rest, aad: shiftedAad(aad) }),
  };
}

function shiftedAad(aad: Uint8Array | undefined): Uint8Array | undefined {
  return aad === undefined ? undefined : shifted(aad, 13);
}

/** A copy at an odd offset, with bytes around it that don't belong to it. */
function shifted(bytes: Uint8Array, offset: number): Uint8Array {
  const buffer = new Uint8Array(offset + bytes.length + 3).fill(0xa5);
  buffer.set(bytes, offset);
  return buffer.subarray(offset, offset + bytes.length);
}
