/**
 * Has every call leave an event, durable before the call's answer is given. A call whose event can't be kept fails, whatever it did
 * (docs/decisions/0092-audit.md).
 */
import type { Caller } from "../caller.ts";
import type { KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { backgroundEvent } from "./background-event.ts";
import { callEvent } from "./call-event.ts";
import type { AuditEvent } from "./event.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { BackgroundEvent, Trail } from "./trail.ts";

export class Auditor {
  readonly #clock: () => number;
  readonly #events: GroupCommit<AuditEvent>;

  constructor(clock: () => number, events: GroupCommit<AuditEvent>) {
    this.#clock = clock;
    this.#events = events;
  }

  /**
   * Runs a call and keeps its event.
   *
   * @throws {KmsError} what the call throws; KMSInternalException if its event could not be kept
   */
  async record(
    operation: string,
    input: unknown,
    caller: Caller,
    run: (trail: Trail) => Promise<object>,
  ): Promise<object> {
    const trail: Trail = {
      requestId: caller.source?.requestId ?? crypto.randomUUID(),
      eventId: crypto.randomUUID(),
      keys: [],
    };
    const common = { operation, input, caller, trail };
    let answer: object;
    try {
      answer = await run(trail);
    } catch (error) {
      // Whatever it is, it is none of ours; the service says of every other error that it is an internal one.
      const refusal = error instanceof KmsError ? error : new KmsError("KMSInternalException", "");
      await this.#keep(callEvent({ ...common, at: this.#clock(), refusal }));
      throw error;
    }
    try {
      await this.#keep(callEvent({ ...common, at: this.#clock(), answer }));
    } catch (error) {
      // Nobody gets the answer, nor what is in it.
      for (const value of Object.values(answer)) if (value instanceof Uint8Array) value.fill(0);
      throw error;
    }
    return answer;
  }

  /** Keeps the event of background work. */
  async background(name: BackgroundEvent, key: KeyRecord): Promise<void> {
    await this.#keep(backgroundEvent(name, key, this.#clock()));
  }

  /** Resolves when every event is kept. */
  close(): Promise<void> {
    return this.#events.settled();
  }

  async #keep(event: AuditEvent): Promise<void> {
    try {
      const kept = this.#events.add(event);
      if (kept !== undefined) await kept;
    } catch (cause) {
      throw new KmsError("KMSInternalException", "The audit log is not available", { cause });
    }
  }
}
