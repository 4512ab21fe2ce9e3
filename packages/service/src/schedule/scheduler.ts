/**
 * Does due work: automatic rotations, deletions, domain key rotation.
 *
 * The records of due work are the truth; this keeps in memory only when to look next. Several processes may look at the
 * same time: each piece of work is one commit that removes its own record, so it happens once.
 *
 * Work that fails is put off, longer each time, and told to whoever listens. It holds up neither the other work nor the
 * calls, which see to it themselves that an overdue key is not used.
 */
import type { AuthenticRecord } from "@kmslite/store/authenticated";
import { dueKey, keyKey, under } from "../database/keys.ts";
import { decode, type KeyRecord, type Row } from "../database/records.ts";
import type { Runtime } from "../runtime.ts";
import { domainKeyDueAt, hasRetiredDomainKeys } from "./domain-key-age.ts";
import { DAY, type DueTask } from "./due-work.ts";
import { Postponed } from "./postponed.ts";

/** Records of due work that are read at once. */
const BATCH = 50;

/** How often work that another process may have planned is looked for, in milliseconds. */
const LOOK_INTERVAL = 60_000;

/** What stands for the domain key among work that was put off. */
const DOMAIN_KEY = "domain key";

export interface SchedulerOptions {
  readonly domainKeyRotationDays: number;
  /** Told of work that failed; it is tried again later. */
  readonly onFailure: (error: unknown) => void;
}

export class Scheduler {
  readonly #runtime: Runtime;
  readonly #domainKeyPeriod: number;
  readonly #onFailure: (error: unknown) => void;
  readonly #postponed = new Postponed();
  #nextDueAt = Number.NEGATIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;

  private constructor(runtime: Runtime, { domainKeyRotationDays, onFailure }: SchedulerOptions) {
    this.#runtime = runtime;
    this.#domainKeyPeriod = domainKeyRotationDays * DAY;
    this.#onFailure = onFailure;
    runtime.onDue = (time) => {
      this.#nextDueAt = Math.min(this.#nextDueAt, time);
    };
  }

  /** Looks for what fell due, or was interrupted, while nobody ran, and does it. */
  static async start(runtime: Runtime, options: SchedulerOptions): Promise<Scheduler> {
    const scheduler = new Scheduler(runtime, options);
    await scheduler.#attempt(DOMAIN_KEY, runtime.clock(), async () => {
      if (hasRetiredDomainKeys(runtime.database.keyring))
        await (await domainKeyRotation()).finishRotation(runtime);
    });
    await scheduler.catchUp();
    return scheduler;
  }

  /** When work is due next, as far as this process knows: milliseconds since 1970. */
  get nextDueAt(): number {
    return this.#nextDueAt;
  }

  /** Does what is due; `undefined` if nothing is, so that nobody waits. */
  catchUp(): Promise<void> | undefined {
    const now = this.#runtime.clock();
    const lookedLately = now >= this.#lookedAt && now - this.#lookedAt < LOOK_INTERVAL;
    if (lookedLately && this.#nextDueAt > now) return undefined;
    this.#running ??= this.#work(now).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Rotates the domain key now; its next automatic rotation counts from now. */
  async rotateDomainKey(): Promise<void> {
    await this.#runtime.database.reloadKeyring();
    await (await domainKeyRotation()).rotateDomainKey(this.#runtime);
  }

  /** Waits for work in progress. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Does what is due by `now`, each piece once, and notes when to come again. */
  async #work(now: number): Promise<void> {
    const { records } = this.#runtime.database;
    const end = dueKey(now + 1, "");
    // What is planned while this works makes it earlier again.
    this.#nextDueAt = Number.POSITIVE_INFINITY;
    this.#lookedAt = now;
    if (this.#domainKeyDueAt() <= now)
      await this.#attempt(DOMAIN_KEY, now, () => this.#rotateAgedDomainKey(now));
    for (let start = "due/0"; ; ) {
      const due = await records.list({ start, end, limit: BATCH });
      for (const record of due) await this.#attempt(record.key, now, () => this.#do(record, now));
      const last = due.at(-1);
      if (last === undefined || due.length < BATCH) break;
      start = `${last.key}!`;
    }
    await this.#look(now);
  }

  /** Runs a piece of work unless it was put off; puts it off if it fails. */
  async #attempt(name: string, now: number, work: () => Promise<void>): Promise<void> {
    if (this.#postponed.isPutOff(name, now)) return;
    try {
      await work();
      this.#postponed.done(name);
    } catch (error) {
      this.#postponed.putOff(name, now);
      this.#onFailure(error);
    }
  }

  /** Notes when the next work is due. What is overdue still was put off, or met a change by somebody else. */
  async #look(now: number): Promise<void> {
    const { records } = this.#runtime.database;
    const [next] = await records.list({ ...under("due/"), start: dueKey(now + 1, ""), limit: 1 });
    const [overdue] = await records.list({ start: "due/0", end: dueKey(now + 1, ""), limit: 1 });
    const domainKeyAt = this.#domainKeyDueAt();
    const times = [
      this.#nextDueAt,
      next === undefined ? Number.POSITIVE_INFINITY : timeOf(next),
      domainKeyAt > now ? domainKeyAt : Number.POSITIVE_INFINITY,
      overdue === undefined && domainKeyAt > now ? Number.POSITIVE_INFINITY : this.#postponed.next(now),
    ];
    this.#nextDueAt = Math.min(...times);
  }

  #domainKeyDueAt(): number {
    return domainKeyDueAt(this.#runtime.database.keyring, this.#domainKeyPeriod);
  }

  async #rotateAgedDomainKey(now: number): Promise<void> {
    // Another process may have replaced it since this one looked.
    await this.#runtime.database.reloadKeyring();
    if (this.#domainKeyDueAt() <= now) await (await domainKeyRotation()).rotateDomainKey(this.#runtime);
  }

  async #do(record: AuthenticRecord, now: number): Promise<void> {
    const task = decode<DueTask>(record).value;
    const stored = await this.#runtime.database.records.get(keyKey(task.region, task.keyId));
    const key = stored === undefined ? undefined : decode<KeyRecord>(stored);
    if (task.task === "rotate-key") {
      const { rotateKey } = await import("./rotate-key.ts");
      await rotateKey(this.#runtime, record, key, now);
    } else if (task.task === "delete-key") {
      const { deleteKey } = await import("./delete-key.ts");
      await deleteKey(this.#runtime, record, key, now);
    } else await this.#doImport(task, record, key, now);
  }

  /** Loaded by those who import. */
  async #doImport(
    { task, keyMaterialId = "" }: DueTask,
    record: AuthenticRecord,
    key: Row<KeyRecord> | undefined,
    now: number,
  ): Promise<void> {
    const { deleteWrappingKey, expireMaterial } = await import("../import/due-imports.ts");
    if (task === "expire-material") await expireMaterial(this.#runtime, record, key, keyMaterialId, now);
    else await deleteWrappingKey(this.#runtime, record, key, keyMaterialId);
  }
}

function timeOf(record: AuthenticRecord): number {
  return Number(record.key.split("/")[1]);
}

function domainKeyRotation(): Promise<typeof import("./domain-key-rotation.ts")> {
  return import("./domain-key-rotation.ts");
}
