/** Keys that stay expanded in the module's memory, and messages in pieces under them. */
import type { AeadKey, MessageOptions } from "../engine.ts";
import { DEFAULT_MAXIMUM_LENGTH, type Ending, opener, sealer, unverifiedOpener } from "../incremental.ts";
import { aadOf, checkIv, checkTagLength } from "../lengths.ts";
import type { Pieces } from "../pieces.ts";
import type { Kernel } from "./kernel.ts";
import { beginMessage, forPieces, type KeyInPlace, openMessage, sealMessage } from "./one-shot.ts";
import type { Slots } from "./slots.ts";

/** Expands a key of 16, 24 or 32 bytes into a slot of its own. */
export function keyInSlot(kernel: Kernel, slots: Slots, key: Uint8Array): AeadKey {
  const { exports } = kernel;
  const slot = slots.take();
  kernel.bytes().set(key, kernel.key);
  exports.expandKey(slot, key.length);
  exports.prepare(slot);
  exports.wipeMessage();
  const place: KeyInPlace = { context: slot };
  const messages = new Set<Ending>();
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
  const begin = <T extends Ending>(
    iv: Uint8Array,
    options: MessageOptions | undefined,
    make: (pieces: Pieces, tagLength: number) => T,
  ): T => {
    assertOpen();
    checkIv(iv);
    const tagLength = checkTagLength(options?.tagLength);
    const pieces = inPieces(kernel, place, iv, aadOf(options), () => messages.delete(message));
    const message = make(pieces, tagLength);
    messages.add(message);
    return message;
  };

  return {
    seal: (iv, plaintext, options) => whole(() => sealMessage(kernel, place, iv, plaintext, options)),
    open: (iv, sealed, options) => whole(() => openMessage(kernel, place, iv, sealed, options)),
    sealer: (iv, options) => begin(iv, options, sealer),
    opener: (iv, options) =>
      begin(iv, options, (pieces, tagLength) =>
        opener(pieces, tagLength, options?.maximumLength ?? DEFAULT_MAXIMUM_LENGTH),
      ),
    unverifiedOpener: (iv, options) => begin(iv, options, unverifiedOpener),
    close: () => {
      if (closed) return;
      closed = true;
      for (const message of messages) message.abort();
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

  const save = (): void => {
    state.set(kernel.bytes().subarray(message, message + messageSize));
    exports.wipeMessage();
  };
  const restore = (): void => {
    kernel.bytes().set(state, message);
  };
  const through = (piece: Uint8Array, output: Uint8Array, work: (length: number) => void): void => {
    restore();
    forPieces(kernel, piece.length, (from, length) => {
      kernel.bytes().set(piece.subarray(from, from + length), buffer);
      work(length);
      output.set(kernel.bytes().subarray(buffer, buffer + length), from);
    });
    exports.wipe(buffer, Math.min(kernel.capacity, (piece.length + 15) & ~15));
    textLength += piece.length;
    save();
  };

  beginMessage(kernel, place, iv, aad);
  save();
  return {
    seal: (piece, output) => through(piece, output, (length) => exports.sealPiece(place.context, length)),
    open: (piece, output) => through(piece, output, (length) => exports.openPiece(place.context, length)),
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
      state.fill(0);
      onWiped();
    },
  };
}
