/**
 * PostgreSQL, several server processes over it, and many clients, while processes are killed and paused at random and the database
 * itself crashes now and then: what was seen must be linearizable for each key and alias, nothing acknowledged may be lost, and no automatic rotation may happen twice.
 *
 * What the histories are held to: changes and reads of a key or alias take effect at one moment between call and answer. Encrypt and
 * Decrypt may use what a process read of the key within `keyCacheMs`, so their moment may lie that much before the call.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { secretRootKey } from "@kmslite/hierarchy";
import { Service } from "@kmslite/service";
import { postgresStore } from "@kmslite/store/postgres";
import { type LocalPostgres, startPostgres } from "../../postgres/local-postgres.ts";
import { type Random, randomFrom } from "../random.ts";
import { SteppedClock } from "./clock.ts";
import { Fleet, type ServerSettings } from "./fleet.ts";
import { type KnownKey, Workload } from "./workload.ts";

export interface SoakOptions {
  readonly seed: bigint;
  readonly operations: number;
  /** Milliseconds after which no more operations are begun. */
  readonly time: number;
  readonly servers: number;
  readonly keys: number;
  readonly automaticKeys: number;
  readonly aliases: number;
  /** Milliseconds between two disturbances at most. */
  readonly calm: number;
  /** Milliseconds between two crashes of the database. */
  readonly crashEvery: number;
  /** Milliseconds between two steps of the clock by 91 days. */
  readonly stepEvery: number;
  readonly keyCacheMs: number;
  readonly progress?: (line: string) => void;
  /** Ends the run early; what happened until then is judged. */
  readonly signal?: AbortSignal;
}

export interface SoakReport {
  readonly operations: number;
  readonly seconds: number;
  readonly lostAnswers: number;
  readonly kills: number;
  readonly pauses: number;
  /** How often the database itself was ended in the middle of everything and started again. */
  readonly databaseCrashes: number;
  readonly clockSteps: number;
  readonly keys: number;
  readonly deletedKeys: number;
  readonly automaticRotations: number;
  /** Automatic rotations that had not happened when the clock went on. */
  readonly missedRotations: number;
  /** Histories that were judged, and the longest of them. */
  readonly histories: number;
  readonly longestHistory: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly complaints: readonly string[];
  /** Empty when everything held. */
  readonly failures: readonly string[];
}

const DAY = 86_400_000;
const STEP = 91 * DAY;

export async function soakPostgres(programs: string, options: SoakOptions): Promise<SoakReport> {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-soak-"));
  const postgres = await startPostgres(programs, ["max_connections=200"]);
  try {
    const clock = new SteppedClock(join(folder, "clock"));
    const settings: ServerSettings = {
      url: postgres.url,
      schema: "soak",
      clockFile: join(folder, "clock"),
      keyCacheMs: options.keyCacheMs,
      credentials: { accessKeyId: "soak", secretAccessKey: "0123456789abcdef" },
      region: "us-east-1",
      accountId: "000000000000",
    };
    await begin(settings);
    const fleet = await Fleet.start(settings, options.servers);
    try {
      return await disturbed(fleet, postgres, clock, settings, options);
    } finally {
      await fleet.stop();
    }
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Makes tables and keyring. */
async function begin({ url, schema }: ServerSettings): Promise<void> {
  const store = await postgresStore({ url, schema, create: true });
  const service = await Service.open({ store, rootKey: secretRootKey(Buffer.alloc(32, 0x5a)) });
  await service.close();
  await store.close();
}

async function disturbed(
  fleet: Fleet,
  postgres: LocalPostgres,
  clock: SteppedClock,
  settings: ServerSettings,
  options: SoakOptions,
): Promise<SoakReport> {
  const workload = new Workload(fleet, clock, settings, options.aliases);
  const setup = randomFrom(options.seed, 0);
  for (let i = 0; i < options.automaticKeys; i++) await workload.create(setup, true);
  for (let i = 0; i < options.keys; i++) await workload.create(setup, false);

  const began = performance.now();
  const going = (): boolean =>
    workload.operations < options.operations &&
    performance.now() - began < options.time &&
    options.signal?.aborted !== true &&
    workload.failures.length < 10;
  const lanes = Array.from({ length: options.servers * 4 }, async (_, lane) => {
    const random = randomFrom(options.seed, lane + 1);
    while (going()) await workload.step(random);
  });
  const others = [
    disturb(fleet, postgres, randomFrom(options.seed, 1000), options, going),
    stepClock(clock, options.stepEvery, going),
    tell(workload, fleet, began, options.progress, going),
  ];
  await Promise.all([...lanes, ...others]);
  await workload.settled();
  const seconds = (performance.now() - began) / 1000;

  await readEverything(workload, setup);
  const rotations = await automaticRotations(workload, clock, setup);
  const verdicts = workload.verdicts();
  const broken = verdicts.filter(({ verdict }) => !verdict.linearizable);
  const histories = [...workload.keys, ...workload.retired, ...workload.aliases].map(
    ({ history }) => history,
  );
  return {
    operations: workload.operations,
    seconds,
    lostAnswers: workload.lostAnswers,
    kills: fleet.counts.kills,
    pauses: fleet.counts.pauses,
    databaseCrashes: fleet.counts.databaseCrashes,
    clockSteps: clock.steps.length,
    keys: workload.keys.length,
    deletedKeys: workload.retired.length,
    automaticRotations: rotations.happened,
    missedRotations: rotations.missed,
    histories: histories.length,
    longestHistory: Math.max(...histories.map(({ length }) => length)),
    outcomes: Object.fromEntries([...workload.outcomes].sort()),
    complaints: [...new Set(fleet.complaints)].slice(0, 20),
    failures: [
      ...workload.failures,
      ...rotations.failures,
      ...broken.map(({ name, verdict }) => `${name} is not linearizable: ${JSON.stringify(verdict)}`),
    ],
  };
}

/** Kills and pauses servers, no more than half of them at a time; the database crashes while no server is being started. */
async function disturb(
  fleet: Fleet,
  postgres: LocalPostgres,
  random: Random,
  { calm, crashEvery }: SoakOptions,
  going: () => boolean,
): Promise<void> {
  let lastCrash = performance.now();
  const disturbed = new Set<Promise<void>>();
  const busy = new Set<object>();
  while (going()) {
    await sleep(random.below(calm));
    if (performance.now() - lastCrash >= crashEvery) {
      await Promise.all(disturbed);
      fleet.counts.databaseCrashes++;
      await postgres.crash();
      lastCrash = performance.now();
    }
    const member = fleet.members[random.below(fleet.members.length)];
    if (member === undefined || busy.has(member) || busy.size * 2 >= fleet.members.length) continue;
    const killed = random.below(5) < 2;
    const length = killed ? random.below(500) : 50 + random.below(2500);
    const work = async (): Promise<void> => {
      if (!killed) return fleet.pause(member, length);
      await fleet.kill(member);
      await sleep(length);
      await fleet.restart(member);
    };
    busy.add(member);
    const done = work().finally(() => {
      busy.delete(member);
      disturbed.delete(done);
    });
    disturbed.add(done);
  }
  await Promise.all(disturbed);
}

/** Lets time pass by months: rotations, deletions and the domain key fall due. */
async function stepClock(clock: SteppedClock, every: number, going: () => boolean): Promise<void> {
  let last = performance.now();
  while (going()) {
    await sleep(100);
    if (performance.now() - last < every) continue;
    last = performance.now();
    clock.step(STEP);
  }
}

async function tell(
  workload: Workload,
  fleet: Fleet,
  began: number,
  progress: ((line: string) => void) | undefined,
  going: () => boolean,
): Promise<void> {
  for (let ticks = 1; going(); ticks++) {
    await sleep(1000);
    if (ticks % 30 !== 0) continue;
    const { kills, pauses, databaseCrashes } = fleet.counts;
    const seconds = Math.round((performance.now() - began) / 1000);
    progress?.(
      `${seconds} s: ${workload.operations} operations, ${kills} kills, ${pauses} pauses, ${databaseCrashes} crashes of the database`,
    );
  }
}

/** Reads every key, alias and kept blob once more: whatever was acknowledged must be there. */
async function readEverything(workload: Workload, random: Random): Promise<void> {
  for (const key of workload.keys) {
    await workload.describe(random, key);
    await workload.countRotations(random, key);
    await workload.decryptAll(random, key);
  }
  for (const alias of workload.aliases) await workload.resolve(random, alias);
  const listed = await listedKeys(workload, random);
  for (const { keyId, gone } of workload.keys) {
    if (!gone && !listed.has(keyId)) workload.failures.push(`${keyId} is not listed`);
  }
}

async function listedKeys(workload: Workload, random: Random): Promise<ReadonlySet<string>> {
  const listed = new Set<string>();
  let Marker: string | undefined;
  do {
    const { answer } = await workload.send(random, "ListKeys", { Limit: 1000, Marker });
    const keys = (answer?.body["Keys"] ?? []) as readonly { KeyId: string }[];
    for (const { KeyId } of keys) listed.add(KeyId);
    Marker = answer?.body["Truncated"] === true ? String(answer.body["NextMarker"]) : undefined;
  } while (Marker !== undefined);
  return listed;
}

/** Each step of the clock makes one rotation due: two between the same steps are one too many. */
async function automaticRotations(
  workload: Workload,
  clock: SteppedClock,
  random: Random,
): Promise<{ readonly happened: number; readonly missed: number; readonly failures: readonly string[] }> {
  const failures: string[] = [];
  let happened = 0;
  let missed = 0;
  for (const key of workload.keys.filter(({ automatic }) => automatic)) {
    const dates = await rotationDates(workload, key, random);
    const steps = dates.map((date) => clock.stepsBefore(date));
    happened += steps.length;
    missed += clock.steps.length - new Set(steps).size;
    if (new Set(steps).size < steps.length || steps.includes(0)) {
      failures.push(`${key.keyId} was rotated after steps ${steps.join(", ")}, at ${dates.join(", ")}`);
    }
  }
  return { happened, missed, failures };
}

async function rotationDates(workload: Workload, key: KnownKey, random: Random): Promise<readonly number[]> {
  const { answer } = await workload.send(random, "ListKeyRotations", { KeyId: key.keyId, Limit: 1000 });
  const rotations = (answer?.body["Rotations"] ?? []) as readonly { RotationDate: number }[];
  return rotations.map(({ RotationDate }) => RotationDate * 1000);
}
