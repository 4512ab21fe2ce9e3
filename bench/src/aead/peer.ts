/** What a contestant of the suite `aead` is. */

/** What is done: to messages of a length, and under how many keys. */
export interface Task {
  readonly bytes: number;
  readonly direction: "seal" | "open";
  /** Whether each message has a key of its own, or all have the same. */
  readonly keyUse: "fresh" | "reused";
}

/** One message, as every peer gets it: AES-256-GCM, IV of 12 bytes, tag of 16, no AAD. */
export interface Message {
  readonly key: Uint8Array<ArrayBuffer>;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly plaintext: Uint8Array<ArrayBuffer>;
  /** Ciphertext ‖ tag. */
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/**
 * The operation of a peer: it works on message `i mod messages.length`.
 *
 * What it returns is the peer's own form of the result, so that nobody pays for a conversion that its users don't need.
 */
export interface Operation {
  readonly run: (i: number) => unknown;
  /** The result as bytes: ciphertext ‖ tag, or plaintext. */
  readonly read: (result: unknown) => Uint8Array;
  /** Whether `run` returns a promise, and how many of them are awaited together. */
  readonly inFlight?: number;
}

export interface AeadPeer {
  readonly engine: string;
  /** Most bytes of a message that the peer is asked for; any number unless given. */
  readonly mostBytes?: number;
  /** Prepares what a user prepares once: with a reused key that is the key. */
  prepare(task: Task, messages: readonly Message[]): Operation | Promise<Operation>;
}

/** The message of an operation's number. */
export function messageAt(messages: readonly Message[], i: number): Message {
  return messages[i % messages.length] as Message;
}

/** `read` for peers whose result is bytes already. */
export function readBytes(result: unknown): Uint8Array {
  return result as Uint8Array;
}
