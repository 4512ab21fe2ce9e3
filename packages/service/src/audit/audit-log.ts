/** The audit log in the store, as those see it who read it: entries, events that were looked up, checkpoints and proofs. */
import type { Caller } from "../caller.ts";
import type { Runtime } from "../runtime.ts";
import { entriesBefore, entriesFrom } from "./entries.ts";
import type { AuditEvent } from "./event.ts";
import { readHead, readLog, readSubtree, SUBTREE_SIZE } from "./log-records.ts";
import { type LookupPage, type LookupQuery, lookUp } from "./lookup.ts";
import { mayLookUp } from "./may-look-up.ts";
import { consistencyProof, type HashOfRange, inclusionProof, leafHash, rangeHash } from "./merkle.ts";
import { signCheckpoint, verifierKey } from "./signed-note.ts";
import { signingKey } from "./signing-key.ts";
import { userNameOf } from "./user-identity.ts";

/** An event and the line that it is in the log: what is hashed is the line. */
export interface LoggedEvent {
  /** Its number, from 0. */
  readonly index: number;
  readonly line: string;
  readonly event: AuditEvent;
  /** The name that the event calls its principal by. */
  readonly userName: string | undefined;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

export class AuditLog {
  readonly #runtime: Runtime;
  /** Names the log in checkpoints. */
  readonly origin: string;

  private constructor(runtime: Runtime, origin: string) {
    this.#runtime = runtime;
    this.origin = origin;
  }

  /** The log of a store, or `undefined` if it has none. */
  static async open(runtime: Runtime): Promise<AuditLog | undefined> {
    const log = await readLog(runtime.database);
    return log === undefined ? undefined : new AuditLog(runtime, log.origin);
  }

  /** How many events it has. */
  async size(): Promise<number> {
    return (await readHead(this.#runtime.database)).frontier.size;
  }

  /** The lines from number `start` on, in order, up to the last that is there now: what is hashed, and exported. */
  async *lines(start = 0): AsyncGenerator<string, void, undefined> {
    for await (const { bytes } of entriesFrom(this.#runtime.database, start, await this.size())) {
      yield decoder.decode(bytes);
    }
  }

  /** The events before number `end`, or before the end of the log, the newest first. */
  async *latest(end?: number): AsyncGenerator<LoggedEvent, void, undefined> {
    const size = await this.size();
    for await (const { index, bytes } of entriesBefore(this.#runtime.database, Math.min(end ?? size, size))) {
      const line = decoder.decode(bytes);
      const event = JSON.parse(line) as AuditEvent;
      yield { index, line, event, userName: userNameOf(event) };
    }
  }

  /** Whether a caller may look up events of its account: `cloudtrail:LookupEvents`. */
  mayBeLookedUpBy(caller: Caller): boolean {
    return mayLookUp(caller);
  }

  /** Events by what CloudTrail's LookupEvents looks them up by, the newest first. */
  async lookUp(query: LookupQuery): Promise<LookupPage> {
    return lookUp(this, query);
  }

  /** The public key that checkpoints are verified with: a C2SP verifier key. */
  async publicKey(): Promise<string> {
    const { publicKey } = await signingKey(this.#runtime);
    return verifierKey(this.origin, publicKey);
  }

  /** A signed checkpoint of the log as it is now. */
  async checkpoint(): Promise<string> {
    const { publicKey, sign } = await signingKey(this.#runtime);
    const { frontier } = await readHead(this.#runtime.database);
    const checkpoint = { origin: this.origin, size: frontier.size, root: frontier.root() };
    return signCheckpoint(checkpoint, publicKey, sign);
  }

  /**
   * The proof that the entry of a number is in the log of `size` entries: hashes of 32 bytes, from the leaf up.
   *
   * @throws {RangeError} if it is not
   */
  async inclusionProof(index: number, size: number): Promise<readonly Uint8Array[]> {
    await this.#assertSize(size);
    return inclusionProof(index, size, this.#hashOf());
  }

  /**
   * The proof that the log of `size` entries begins with that of `from` entries: hashes of 32 bytes.
   *
   * @throws {RangeError} if the log is not that long
   */
  async consistencyProof(from: number, size: number): Promise<readonly Uint8Array[]> {
    await this.#assertSize(size);
    return consistencyProof(from, size, this.#hashOf());
  }

  async #assertSize(size: number): Promise<void> {
    const actual = await this.size();
    if (!(Number.isSafeInteger(size) && size >= 0 && size <= actual))
      throw new RangeError(`Size: expected at most ${actual}, got ${size}`);
  }

  /** Hashes of ranges, from those of complete subtrees; entries are read where a range cuts through one. */
  #hashOf(): HashOfRange {
    const { database } = this.#runtime;
    const known = async (start: number, end: number): Promise<Uint8Array | undefined> => {
      const length = end - start;
      if (length > SUBTREE_SIZE || (length === SUBTREE_SIZE && start % SUBTREE_SIZE !== 0)) return undefined;
      if (length === SUBTREE_SIZE) return readSubtree(database, start / SUBTREE_SIZE);
      const leaves: Uint8Array[] = [];
      for await (const { bytes } of entriesFrom(database, start, end)) leaves.push(leafHash(bytes));
      return rangeHash(0, length, async (from, to) => (to - from === 1 ? leaves[from] : undefined));
    };
    return (start, end) => rangeHash(start, end, known);
  }
}
