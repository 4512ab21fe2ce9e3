/** The ways in which an engine can be used: all have to agree with the vectors. */
import type { AsyncEngine, MessageOptions, SyncEngine } from "@kmslite/aead";

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
