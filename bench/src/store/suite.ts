/**
 * The suite `store`: the service over its stores, and 1, 2 and 4 processes over one PostgreSQL database.
 *
 * All of them take turns in one run. The database runs on the same machine and shares its cores, so more processes than half of the cores
 * show what contention costs, not what a database of its own could do.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ForeignPeer, measure, speedup } from "../measure.ts";
import type { Measurement, Ratio, Suite } from "../report.ts";
import { BenchFleet, type Task, WORKER } from "./fleet.ts";

const TASKS: readonly Task[] = ["update", "describe", "encrypt-32B"];
const PROCESSES = [1, 2, 4];

export const storeSuite: Suite = {
  name: "store",
  run: async (progress, { quick }) => {
    if (!existsSync(WORKER)) {
      progress("skipped: its processes need a Node.js that runs TypeScript");
      return { name: "store", results: [], ratios: [] };
    }
    // Its driver is not there for runtimes that skip this suite.
    const { postgresPrograms, startPostgres } = await import("../../../test/src/postgres/local-postgres.ts");
    const folder = mkdtempSync(join(tmpdir(), "kmslite-bench-"));
    const programs = postgresPrograms();
    if (programs === undefined) progress("PostgreSQL is not installed: without it");
    const postgres = programs === undefined ? undefined : await startPostgres(programs);
    const memory = await BenchFleet.start({ kind: "memory", at: "" }, 1);
    const sqlite = await BenchFleet.start({ kind: "sqlite", at: join(folder, "kms.sqlite") }, 1);
    const over =
      postgres === undefined
        ? undefined
        : await BenchFleet.start({ kind: "postgres", at: postgres.url }, Math.max(...PROCESSES));
    try {
      const results: Measurement[] = [];
      for (const task of TASKS) {
        progress(task);
        const bytes = task === "encrypt-32B" ? 32 : 0;
        const milliseconds = quick ? 200 : 500;
        const peer = (engine: string, fleet: BenchFleet, count: number): ForeignPeer => ({
          engine,
          sample: () => fleet.sample(count, task, milliseconds),
        });
        const peers = [
          peer("memory.1-processes", memory, 1),
          peer("sqlite.1-processes", sqlite, 1),
          ...(over === undefined
            ? []
            : PROCESSES.map((count) => peer(`postgres.${count}-processes`, over, count))),
        ];
        const { measurements } = await measure({ id: "store", bytes, rounds: quick ? 3 : 9 }, peers);
        results.push(...measurements.map((one) => ({ ...one, id: `store.${one.engine}.${task}` })));
      }
      return { name: "store", results, ratios: over === undefined ? [] : ratiosOf(results) };
    } finally {
      for (const fleet of [memory, sqlite, over]) await fleet?.stop();
      await postgres?.stop();
      rmSync(folder, { recursive: true });
    }
  },
};

/** More processes than the cores can feed get no more done; what the aim guards is that they do not get in each other's way. */
function ratiosOf(results: readonly Measurement[]): readonly Ratio[] {
  return TASKS.flatMap((task) => {
    const ofTask = results.filter(({ id }) => id.endsWith(`.${task}`));
    return PROCESSES.slice(1).map((count) => ({
      id: `store.postgres.${count}-processes.${task}.vs-1-processes`,
      value: speedup(ofTask, `postgres.${count}-processes`, "postgres.1-processes"),
      aim: 0.7,
      better: "higher" as const,
    }));
  });
}
