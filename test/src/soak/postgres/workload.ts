/**
 * What the clients of a soak do: calls on shared keys and aliases from many lanes at once, through any of the servers, each with
 * its time and its answer on record.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../random.ts";
import { type AliasCall, aliasModel } from "./alias-model.ts";
import { type Answer, call } from "./client.ts";
import type { SteppedClock } from "./clock.ts";
import { type Fleet, LONGEST_STATEMENT, type Member, type ServerSettings } from "./fleet.ts";
import { type KeyCall, keyModel } from "./key-model.ts";
import { judge, type Recorded, type Verdict } from "./linearizable.ts";

/** Calls that one server is given at a time: a paused one must not hold up every lane. */
const IN_FLIGHT = 4;
/** Milliseconds after which a lane looks again for a server. */
const LONGEST_WAIT = 100;
/** Milliseconds by which the age of a cached key may be misjudged: the servers' clock counts whole ones. */
const CLOCK_GRAIN = 2;
/** Blobs of a key that are kept to be decrypted later. */
const KEPT_BLOBS = 4;

/** A key as its users know it. */
export interface KnownKey {
  readonly keyId: string;
  readonly description: string;
  /** Rotated by itself; its state is left alone. */
  readonly automatic: boolean;
  readonly history: Recorded<KeyCall>[];
  readonly blobs: { readonly blob: string; readonly plaintext: string }[];
  gone: boolean;
}

export interface KnownAlias {
  readonly name: string;
  readonly history: Recorded<AliasCall>[];
}

/** Refusals that the models know; any other is a failure. */
const EXPECTED = new Set([
  "ok",
  "NotFoundException",
  "DisabledException",
  "KMSInvalidStateException",
  "AlreadyExistsException",
]);

export class Workload {
  readonly keys: KnownKey[] = [];
  readonly retired: KnownKey[] = [];
  readonly aliases: readonly KnownAlias[];
  /** What must not happen, in words. */
  readonly failures: string[] = [];
  /** Answers, by operation and outcome. */
  readonly outcomes = new Map<string, number>();
  operations = 0;
  lostAnswers = 0;
  readonly #fleet: Fleet;
  readonly #clock: SteppedClock;
  readonly #settings: ServerSettings;
  readonly #limbo = new Set<Promise<void>>();
  /** Lanes that found no server to call. */
  readonly #waiting: (() => void)[] = [];
  #numbers = 0;

  constructor(fleet: Fleet, clock: SteppedClock, settings: ServerSettings, aliases: number) {
    this.#fleet = fleet;
    this.#clock = clock;
    this.#settings = settings;
    this.aliases = Array.from({ length: aliases }, (_, number) => ({
      name: `alias/soak-${number}`,
      history: [],
    }));
  }

  /** Makes a key, whatever it takes. */
  async create(random: Random, automatic: boolean): Promise<KnownKey> {
    for (;;) {
      const description = `key ${this.#number()}`;
      const made = await this.send(random, "CreateKey", { Description: description });
      if (made.answer?.name !== "ok") continue;
      const { KeyId } = made.answer.body["KeyMetadata"] as { KeyId: string };
      const key: KnownKey = { keyId: KeyId, description, automatic, history: [], blobs: [], gone: false };
      if (automatic) await this.#rotateAutomatically(random, KeyId);
      this.keys.push(key);
      return key;
    }
  }

  /** One call of a random kind on a random object. */
  async step(random: Random): Promise<void> {
    const kind = random.below(100);
    if (kind < 6) return this.#aliasStep(random, kind);
    const key = this.keys[random.below(this.keys.length)];
    if (key === undefined) return;
    await this.keyStep(random, key, kind);
    if (key.gone && this.#retire(key)) await this.create(random, false);
  }

  /** A call on a key; `kind` is 6 to 99. */
  async keyStep(random: Random, key: KnownKey, kind: number): Promise<void> {
    const { keyId: KeyId, automatic } = key;
    if (kind < 36) return this.#encrypt(random, key);
    if (kind < 68) return this.#decrypt(random, key);
    if (kind < 80) return this.describe(random, key);
    if (kind < 87 || automatic) {
      const description = `text ${this.#number()}`;
      const input = { KeyId, Description: description };
      return this.#keyCall(random, key, "setDescription", "UpdateKeyDescription", input, () => ({
        description,
      }));
    }
    if (kind < 91) return this.#keyCall(random, key, "enable", "EnableKey", { KeyId });
    if (kind < 94) return this.#keyCall(random, key, "disable", "DisableKey", { KeyId });
    if (kind < 96) return this.#keyCall(random, key, "rotate", "RotateKeyOnDemand", { KeyId });
    if (kind < 97) return this.countRotations(random, key);
    if (kind < 98) {
      const days = 7 + random.below(24);
      const input = { KeyId, PendingWindowInDays: days };
      return this.#keyCall(random, key, "scheduleDeletion", "ScheduleKeyDeletion", input, () => ({ days }));
    }
    return this.#keyCall(random, key, "cancelDeletion", "CancelKeyDeletion", { KeyId });
  }

  describe(random: Random, key: KnownKey): Promise<void> {
    return this.#keyCall(random, key, "describe", "DescribeKey", { KeyId: key.keyId }, ({ body }) => {
      const { KeyState, Description } = body["KeyMetadata"] as { KeyState: string; Description: string };
      return { state: KeyState, description: Description };
    });
  }

  countRotations(random: Random, key: KnownKey): Promise<void> {
    const input = { KeyId: key.keyId, Limit: 1000 };
    return this.#keyCall(random, key, "countRotations", "ListKeyRotations", input, ({ body }) => {
      const rotations = body["Rotations"] as readonly { RotationType?: string }[];
      if (body["Truncated"] === true) this.failures.push(`${key.keyId} has more rotations than one page`);
      return { rotations: rotations.filter(({ RotationType }) => RotationType === "ON_DEMAND").length };
    });
  }

  /** Decrypts every blob that is kept of a key. */
  async decryptAll(random: Random, key: KnownKey): Promise<void> {
    for (const kept of key.blobs) await this.#decryptOne(random, key, kept);
  }

  resolve(random: Random, alias: KnownAlias): Promise<void> {
    return this.#aliasCall(random, alias, "resolve", "DescribeKey", { KeyId: alias.name });
  }

  /** Waits until it is known by when calls with lost answers had happened, if they had. */
  async settled(): Promise<void> {
    while (this.#limbo.size > 0) await Promise.all(this.#limbo);
  }

  /** Judges every key and alias; gives the histories that are not linearizable. */
  verdicts(): readonly { readonly name: string; readonly verdict: Verdict<unknown> }[] {
    const keys = [...this.keys, ...this.retired].map((key) => ({
      name: key.keyId,
      verdict: judge(keyModel(key.description), key.history) as Verdict<unknown>,
    }));
    const aliases = this.aliases.map(({ name, history }) => ({
      name,
      verdict: judge(aliasModel, history) as Verdict<unknown>,
    }));
    return [...keys, ...aliases];
  }

  /** Sends a call to a server that takes one. */
  async send(
    random: Random,
    operation: string,
    input: object,
  ): Promise<{ readonly answer: Answer | undefined; readonly application: string }> {
    const member = await this.#member(random);
    const { application } = member;
    member.inFlight++;
    let answer: Answer | undefined;
    try {
      answer = await call(member, this.#settings, operation, input);
    } finally {
      member.inFlight--;
      this.#waiting.shift()?.();
    }
    this.operations++;
    const outcome = `${operation} ${answer?.name ?? "lost"}`;
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    return { answer, application };
  }

  async #member(random: Random): Promise<Member> {
    for (;;) {
      const able = this.#fleet.members.filter(({ up, inFlight }) => up && inFlight < IN_FLIGHT);
      const member = able[random.below(Math.max(1, able.length))];
      if (member !== undefined) return member;
      // Until another lane is done; a server that was started again takes calls as well.
      const waited = new Promise<void>((resolve) => this.#waiting.push(resolve));
      await Promise.race([waited, sleep(LONGEST_WAIT)]);
    }
  }

  async #rotateAutomatically(random: Random, KeyId: string): Promise<void> {
    for (;;) {
      const input = { KeyId, RotationPeriodInDays: 90 };
      if ((await this.send(random, "EnableKeyRotation", input)).answer?.name === "ok") return;
    }
  }

  #encrypt(random: Random, key: KnownKey): Promise<void> {
    const plaintext = Buffer.from(`${key.keyId} ${this.#number()}`).toString("base64");
    const input = { KeyId: key.keyId, Plaintext: plaintext };
    return this.#keyCall(random, key, "use", "Encrypt", input, ({ body }) => {
      const kept = { blob: String(body["CiphertextBlob"]), plaintext };
      if (key.blobs.length < KEPT_BLOBS) key.blobs.push(kept);
      else if (random.below(16) === 0) key.blobs[random.below(KEPT_BLOBS)] = kept;
      return {};
    });
  }

  async #decrypt(random: Random, key: KnownKey): Promise<void> {
    const kept = key.blobs[random.below(Math.max(1, key.blobs.length))];
    await (kept === undefined ? this.#encrypt(random, key) : this.#decryptOne(random, key, kept));
  }

  #decryptOne(random: Random, key: KnownKey, kept: KnownKey["blobs"][number]): Promise<void> {
    const input = { KeyId: key.keyId, CiphertextBlob: kept.blob };
    return this.#keyCall(random, key, "use", "Decrypt", input, ({ body }) => {
      if (body["Plaintext"] !== kept.plaintext)
        this.failures.push(`${key.keyId}: another plaintext came back`);
      return {};
    });
  }

  #aliasStep(random: Random, kind: number): Promise<void> {
    const alias = this.aliases[random.below(this.aliases.length)];
    const targets = this.keys.filter(({ automatic }) => automatic);
    const target = targets[random.below(Math.max(1, targets.length))]?.keyId;
    if (alias === undefined || target === undefined) return Promise.resolve();
    const AliasName = alias.name;
    const input = { AliasName, TargetKeyId: target };
    if (kind < 3) return this.resolve(random, alias);
    if (kind < 4) return this.#aliasCall(random, alias, "create", "CreateAlias", input, target);
    if (kind < 5) return this.#aliasCall(random, alias, "update", "UpdateAlias", input, target);
    return this.#aliasCall(random, alias, "delete", "DeleteAlias", { AliasName });
  }

  async #aliasCall(
    random: Random,
    alias: KnownAlias,
    name: AliasCall["name"],
    operation: string,
    input: object,
    written?: string,
  ): Promise<void> {
    const from = performance.now();
    const { answer, application } = await this.send(random, operation, input);
    const read = (answer?.body["KeyMetadata"] as { KeyId?: string } | undefined)?.KeyId;
    const target = written ?? read;
    const described = { name, ...(target === undefined ? {} : { target }) };
    this.#record(answer, application, operation, name !== "resolve", (told, until) => {
      alias.history.push({
        call: { ...described, answer: told ?? "ok" },
        from,
        until,
        maybe: told === undefined,
      });
    });
  }

  async #keyCall(
    random: Random,
    key: KnownKey,
    name: KeyCall["name"],
    operation: string,
    input: object,
    more: (answer: Answer) => Partial<KeyCall> = () => ({}),
  ): Promise<void> {
    const sentAt = this.#clock.now();
    const staleness = name === "use" ? this.#settings.keyCacheMs + CLOCK_GRAIN : 0;
    const from = performance.now() - staleness;
    const { answer, application } = await this.send(random, operation, input);
    // What was to be written is the caller's to say; what was read only an answer tells.
    const isRead = name === "use" || name === "describe" || name === "countRotations";
    const details = answer?.name === "ok" || !isRead ? more(answer ?? NOTHING) : {};
    if (answer?.name === "NotFoundException") key.gone = true;
    this.#record(answer, application, operation, !isRead, (told, until) => {
      const recorded: KeyCall = {
        name,
        answer: told ?? "ok",
        sentAt,
        answeredAt: this.#clock.now(),
        ...details,
      };
      key.history.push({ call: recorded, from, until, maybe: told === undefined });
    });
  }

  /** Puts a call on record: at once if it was answered, else when it can't happen any more. */
  #record(
    answer: Answer | undefined,
    application: string,
    operation: string,
    changes: boolean,
    put: (told: string | undefined, until: number) => void,
  ): void {
    if (answer !== undefined && EXPECTED.has(answer.name)) {
      put(answer.name, performance.now());
      return;
    }
    if (answer !== undefined && answer.message !== "The store is not available") {
      this.failures.push(`${operation} answered ${answer.name}: ${answer.message}`);
    }
    this.lostAnswers++;
    if (!changes) return;
    const over = answer === undefined ? this.#fleet.over(application) : sleep(LONGEST_STATEMENT);
    const limbo = over.then(() => {
      put(undefined, performance.now());
      this.#limbo.delete(limbo);
    });
    this.#limbo.add(limbo);
  }

  /** Whether this call was the one to take the key out. */
  #retire(key: KnownKey): boolean {
    const place = this.keys.indexOf(key);
    if (place < 0) return false;
    this.keys.splice(place, 1);
    this.retired.push(key);
    return true;
  }

  #number(): number {
    return ++this.#numbers;
  }
}

const NOTHING: Answer = { name: "", message: "", body: {} };
