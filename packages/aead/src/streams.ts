/** AES-GCM as Web streams, over chunks of any size. */
import type { AeadKey, MessageOptions, OpenerOptions } from "./engine.ts";

/** From plaintext to ciphertext ‖ tag, with the same memory for any length. The key stays open. */
export function sealingStream(
  key: AeadKey,
  iv: Uint8Array,
  options?: MessageOptions,
): TransformStream<Uint8Array, Uint8Array> {
  const sealer = key.sealer(iv, options);
  return new TransformStream(transformer((chunk) => sealer.update(chunk), sealer.finish, sealer.abort));
}

/**
 * From ciphertext ‖ tag to plaintext, which comes at the end, in one piece, when the tag was verified; otherwise the stream
 * fails with an {@link AuthenticationError}. It takes as much memory as the message is long.
 */
export function openingStream(
  key: AeadKey,
  iv: Uint8Array,
  options?: OpenerOptions,
): TransformStream<Uint8Array, Uint8Array> {
  const opener = key.opener(iv, options);
  const update = (chunk: Uint8Array): undefined => {
    opener.update(chunk);
  };
  return new TransformStream(transformer(update, opener.finish, opener.abort));
}

/**
 * From ciphertext ‖ tag to plaintext that is **not verified** when it comes: an attacker may have changed all of it. Whoever
 * reads it must undo everything if the stream fails at its end with an {@link AuthenticationError}.
 */
export function unverifiedOpeningStream(
  key: AeadKey,
  iv: Uint8Array,
  options?: MessageOptions,
): TransformStream<Uint8Array, Uint8Array> {
  const opener = key.unverifiedOpener(iv, options);
  return new TransformStream(
    transformer((chunk) => opener.updateUnverified(chunk), opener.finish, opener.abort),
  );
}

function transformer(
  update: (chunk: Uint8Array) => Uint8Array | undefined,
  finish: () => Uint8Array,
  abort: () => void,
): Transformer<Uint8Array, Uint8Array> & { cancel(): void } {
  const enqueue = (
    controller: TransformStreamDefaultController<Uint8Array>,
    bytes: Uint8Array | undefined,
  ): void => {
    if (bytes !== undefined && bytes.length > 0) controller.enqueue(bytes);
  };
  return {
    transform: (chunk, controller) => enqueue(controller, update(chunk)),
    flush: (controller) => enqueue(controller, finish()),
    cancel: abort,
  };
}
