/** A short run of `pnpm soak postgres`. */
import { expect, test } from "vitest";
import { postgresPrograms } from "../../postgres/local-postgres.ts";
import { soakPostgres } from "./run.ts";

const programs = postgresPrograms();
if (programs === undefined) console.warn("skipped: the soak over PostgreSQL (it is not installed)");

test.runIf(programs !== undefined)(
  "servers over one database, killed and paused: linearizable, nothing lost, no rotation twice",
  async () => {
    const report = await soakPostgres(programs ?? "", {
      seed: 1n,
      operations: 6000,
      time: 8000,
      servers: 4,
      keys: 12,
      automaticKeys: 4,
      aliases: 6,
      calm: 800,
      crashEvery: 2500,
      stepEvery: 3000,
      keyCacheMs: 300,
    });
    expect(report.failures).toEqual([]);
    expect(report.operations).toBeGreaterThan(100);
    expect(report.kills + report.pauses).toBeGreaterThan(0);
  },
);
