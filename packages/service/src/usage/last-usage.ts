/**
 * When a key was last used, kept cheaply: a use is noted in memory, and written within a minute or when the service closes.
 *
 * A process that dies loses the notes of its last minute; another one sees them a minute late. So `Timestamp` of
 * GetKeyLastUsage is never later than the last use, and at most a minute earlier.
 */
import type { KeyRecord } from "../database/records.ts";
import { namesOf } from "../key-names.ts";
import type { Runtime } from "../runtime.ts";

/** Operations that count as a use, as GetKeyLastUsage names them. */
export type TrackedOperation =
  | "Decapsulate"
  | "Decrypt"
  | "DeriveSharedSecret"
  | "Encapsulate"
  | "Encrypt"
  | "GenerateDataKey"
  | "GenerateDataKeyPair"
  | "GenerateDataKeyPairWithoutPlaintext"
  | "GenerateDataKeyWithoutPlaintext"
  | "GenerateMac"
  | "ReEncrypt"
  | "Sign"
  | "Verify"
  | "VerifyMac";

/** One key's last use. */
export interface Usage {
  readonly region: string;
  readonly keyId: string;
  operation: TrackedOperation;
  /** Milliseconds since 1970. */
  at: number;
}

/** How long a note may wait to be written, in milliseconds. */
const INTERVAL = 60_000;

export class LastUsage {
  readonly #runtime: Runtime;
  readonly #onFailure: (error: unknown) => void;
  #noted = new Map<string, Usage>();
  #writing: Map<string, Usage> | undefined;
  #writeAt = Number.POSITIVE_INFINITY;
  #flushing: Promise<void> | undefined;

  /** @param onFailure told of notes that could not be written; they are tried again */
  constructor(runtime: Runtime, onFailure: (error: unknown) => void) {
    this.#runtime = runtime;
    this.#onFailure = onFailure;
  }

  /** Notes a successful use. */
  note(operation: TrackedOperation, key: KeyRecord, at: number): void {
    const { place } = namesOf(key);
    const noted = this.#noted.get(place);
    if (noted === undefined) {
      if (this.#noted.size === 0) this.#writeAt = at + INTERVAL;
      this.#noted.set(place, { region: key.region, keyId: key.keyId, operation, at });
    } else {
      noted.operation = operation;
      noted.at = at;
    }
    if (at >= this.#writeAt) void this.flush();
  }

  /** What this process knows of a key and has not written yet. */
  recall(region: string, keyId: string): Usage | undefined {
    const place = `${region}/${keyId}`;
    return this.#noted.get(place) ?? this.#writing?.get(place);
  }

  /** Writes what was noted. Never fails: what could not be written stays noted. */
  flush(): Promise<void> {
    if (this.#flushing !== undefined) return this.#flushing;
    if (this.#noted.size === 0) return Promise.resolve();
    this.#flushing = this.#write().finally(() => {
      this.#flushing = undefined;
      this.#writing = undefined;
    });
    return this.#flushing;
  }

  async #write(): Promise<void> {
    const writing = this.#noted;
    this.#writing = writing;
    this.#noted = new Map();
    this.#writeAt = Number.POSITIVE_INFINITY;
    try {
      const { writeUsage } = await import("./usage-records.ts");
      await writeUsage(this.#runtime.database.records, writing);
    } catch (error) {
      for (const [place, usage] of writing) if (!this.#noted.has(place)) this.#noted.set(place, usage);
      this.#writeAt = this.#runtime.clock() + INTERVAL;
      this.#onFailure(error);
    }
  }
}
