/** Keys that stay expanded in the module's memory, and messages in pieces under them. */
import type { AeadKey, MessageOptions } from "../engine.ts";
import { DEFAULT_MAXIMUM_LENGTH, opener, sealer, unverifiedOpener } from "../incremental.ts";
import { aadOf, checkIv, checkTagLength } from "../lengths.ts";
import type { Pieces } from "../pieces.ts";
import type { Kernel } from "./kernel.ts";
import { beginMessage, forPieces, type KeyInPlace, openMessage, sealMessage } from "./one-shot.ts";
import type { Slots } from "./slots.ts";

/** Expands the key that lies at the kernel's `key` into a slot of its own. */
export function keyInSlot(kernel: Kernel, slots: Slots, keyLength: number): AeadKey {
  const { exports } = kernel;
  const slot = slots.take();
  exports.expandKey(slot, keyLength);
  exports.prepare(slot);
  exports.wipeMessage();
  const place: KeyInPlace = { context: slot, freshLength: 0 };
  const messages = new Set<Pieces>();
  let closed = false;

  const assertOpen = (): void => {
    if (closed) throw new TypeError("AES-GCM key: it was closed");
  };
  const whole = (work: () => Uint8Array): Uint8Array => {
    assertOpen();
    try {
      return work();
    } finally {
      exports.wipeMessage();
    }
  };
  const begin = (iv: Uint8Array, options: MessageOptions | undefined): Pieces => {
    assertOpen();
    checkIv(iv);
    checkTagLength(options?.tagLength);
    const pieces = inPieces(kernel, place, iv, aadOf(options), () => messages.delete(pieces));
    messages.add(pieces);
    return pieces;
  };

  return {
    seal: (iv, plaintext, options) => whole(() => sealMessage(kernel, place, iv, plaintext, options)),
    open: (iv, sealed, options) => whole(() => openMessage(kernel, place, iv, sealed, options)),
    sealer: (iv, options) => sealer(begin(iv, options), checkTagLength(options?.tagLength)),
    opener: (iv, options) =>
      opener(
        begin(iv, options),
        checkTagLength(options?.tagLength),
        options?.maximumLength ?? DEFAULT_MAXIMUM_LENGTH,
      ),
    unverifiedOpener: (iv, options) =>
      unverifiedOpener(begin(iv, options), checkTagLength(options?.tagLength)),
    close: () => {
      if (closed) return;
      closed = true;
      for (const pieces of messages) pieces.wipe();
      slots.giveBack(slot);
    },
  };
}

/** A message in pieces. Its state leaves the module's memory between two of them, since other messages run there too. */
function inPieces(
  kernel: Kernel,
  place: KeyInPlace,
  iv: Uint8Array,
  aad: Uint8Array,
  onWiped: () => void,
): Pieces {
  const { exports, buffer, message, messageSize, tag } = kernel;
  const state = new Uint8Array(messageSize);
  let textLength = 0;
  let wiped = false;

  const save = (): void => {
    state.set(kernel.bytes().subarray(message, message + messageSize));
    exports.wipeMessage();
  };
  const restore = (): void => {
    if (wiped) throw new TypeError("AES-GCM message: its key was closed");
    kernel.bytes().set(state, message);
  };
  const through = (piece: Uint8Array, work: (length: number) => void): Uint8Array => {
    restore();
    const output = new Uint8Array(piece.length);
    forPieces(kernel, piece.length, (from, length) => {
      kernel.bytes().set(piece.subarray(from, from + length), buffer);
      work(length);
      output.set(kernel.bytes().subarray(buffer, buffer + length), from);
    });
    exports.wipe(buffer, Math.min(kernel.capacity, (piece.length + 15) & ~15));
    textLength += piece.length;
    save();
    return output;
  };

  beginMessage(kernel, place, iv, aad);
  save();
  return {
    seal: (piece) => through(piece, (length) => exports.sealPiece(place.context, length)),
    open: (piece) => through(piece, (length) => exports.openPiece(place.context, length)),
    tag: () => {
      restore();
      exports.finish(place.context, aad.length, textLength);
      const computed = kernel.bytes().slice(tag, tag + 16);
      save();
      return computed;
    },
    verify: (received) => {
      restore();
      kernel.bytes().set(received, tag);
      const difference = exports.verify(place.context, aad.length, textLength, received.length);
      save();
      return difference === 0;
    },
    wipe: () => {
      wiped = true;
      state.fill(0);
      onWiped();
    },
  };
}
