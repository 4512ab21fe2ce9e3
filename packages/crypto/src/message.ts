import type { MessageType, SigningAlgorithm } from "./key-pair.ts";
import { KeyPairError } from "./key-pair-error.ts";

/**
 * The digest that an algorithm signs: that of a `RAW` message, or the message itself if it is a `DIGEST`.
 *
 * @throws {KeyPairError} if the digest has another length than the hash, or the message is of another type
 */
export function digestOf(
  algorithm: SigningAlgorithm,
  hash: { (message: Uint8Array): Uint8Array; readonly outputLen: number },
  message: Uint8Array,
  messageType: MessageType,
): Uint8Array {
  if (messageType === "RAW") return hash(message);
  if (messageType !== "DIGEST") throw unsupportedMessageType(algorithm, messageType);
  expectMessageLength(algorithm, message, hash.outputLen);
  return message;
}

/** @throws {KeyPairError} `InvalidMessage` */
export function expectMessageLength(what: string, message: Uint8Array, length: number): void {
  if (message.length === length) return;
  throw new KeyPairError("InvalidMessage", `${what}: expected ${length} bytes, got ${message.length}`);
}

/** The error for a message type that an algorithm does not take. */
export function unsupportedMessageType(algorithm: SigningAlgorithm, messageType: MessageType): KeyPairError {
  return new KeyPairError("UnsupportedAlgorithm", `${algorithm} takes no message of type ${messageType}`);
}
