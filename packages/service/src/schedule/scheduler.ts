/**
 * Does due work: automatic rotations, deletions, domain key rotation.
 *
 * The records of due work are the truth; this keeps in memory only when to look next. Several processes may look at the
 * same time: each piece of work is one commit that removes its own record, so it happens once.
 */
import type { AuthenticRecord } from "@kmslite/store/authenticated";
import { dueKey, keyKey, under } from "../database/keys.ts";
import { decode, type KeyRecord } from "../database/records.ts";
import type { Runtime } from "../runtime.ts";
import { deleteKey } from "./delete-key.ts";
import { rotateDomainKey } from "./domain-key-rotation.ts";
import { DAY, type DueTask, planned } from "./due-work.ts";
import { rotateKey } from "./rotate-key.ts";

/** Records of due work that are read at once. */
const BATCH = 50;

/** How often work that another process may have planned is looked for, in milliseconds. */
const LOOK_INTERVAL = 60_000;

export class Scheduler {
  readonly #runtime: Runtime;
  readonly #domainKeyPeriod: number;
  #nextDueAt: number | undefined;
  #lookedAt = 0;
  #running: Promise<void> | undefined;

  private constructor(runtime: Runtime, domainKeyPeriod: number) {
    this.#runtime = runtime;
    this.#domainKeyPeriod = domainKeyPeriod;
    runtime.onDue = (time) => {
      this.#nextDueAt = Math.min(this.#nextDueAt ?? time, time);
    };
  }

  /** Looks for what fell due while nobody ran, and does it. */
  static async start(runtime: Runtime, domainKeyRotationDays: number): Promise<Scheduler> {
    const scheduler = new Scheduler(runtime, domainKeyRotationDays * DAY);
    await scheduler.#look();
    await scheduler.catchUp();
    return scheduler;
  }

  /** When work is due next, as far as this process knows. */
  get nextDueAt(): number | undefined {
    return this.#nextDueAt;
  }

  /** Does what is due. Returns at once when nothing is. */
  async catchUp(): Promise<void> {
    const now = this.#runtime.clock();
    if (now - this.#lookedAt >= LOOK_INTERVAL || now < this.#lookedAt) await this.#look();
    if (this.#nextDueAt === undefined || this.#nextDueAt > now) return;
    this.#running ??= this.#work(now).finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** Rotates the domain key now; its next automatic rotation counts from now. */
  async rotateDomainKey(): Promise<void> {
    await rotateDomainKey(this.#runtime);
  }

  /** Waits for work in progress. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #look(): Promise<void> {
    const [first] = await this.#runtime.database.records.list({ ...under("due/"), start: "due/0", limit: 1 });
    this.#lookedAt = this.#runtime.clock();
    this.#nextDueAt = first === undefined ? undefined : timeOf(first);
  }

  async #work(now: number): Promise<void> {
    const { records } = this.#runtime.database;
    for (;;) {
      const due = await records.list({ start: "due/0", end: dueKey(now + 1, ""), limit: BATCH });
      for (const record of due) await this.#do(record, now);
      if (due.length < BATCH) break;
    }
    await this.#look();
  }

  async #do(record: AuthenticRecord, now: number): Promise<void> {
    const task = decode<DueTask>(record).value;
    if (task.task === "rotate-domain-key") {
      const next = planned(now + this.#domainKeyPeriod, task);
      if (await this.#runtime.commit({ removals: [record], ...next })) await rotateDomainKey(this.#runtime);
      return;
    }
    const stored = await this.#runtime.database.records.get(keyKey(task.region, task.keyId));
    const key = stored === undefined ? undefined : decode<KeyRecord>(stored);
    if (task.task === "rotate-key") await rotateKey(this.#runtime, record, key, now);
    else await deleteKey(this.#runtime, record, key, now);
  }
}

function timeOf(record: AuthenticRecord): number {
  return Number(record.key.split("/")[1]);
}
