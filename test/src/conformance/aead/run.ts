/** Runs vectors of AES-GCM on every engine, in every way. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { absentResult, countedResult, type FamilyResult } from "../result.ts";
import type { AeadCase } from "./case.ts";
import { disagreement } from "./check.ts";
import { type EngineUnderTest, enginesUnderTest } from "./engines.ts";

/** Enough for Web Crypto to have always something to do. */
const IN_FLIGHT = 64;

/**
 * @param files paths in the vectors' directory, all of which have to be there
 * @param read  the cases in those files
 */
export async function runAeadFamily(
  id: string,
  vectors: string,
  files: readonly string[],
  read: (paths: readonly string[]) => readonly AeadCase[],
): Promise<readonly FamilyResult[]> {
  const engines = await enginesUnderTest();
  const absent = files.filter((file) => !existsSync(join(vectors, file)));
  if (absent.length > 0) return engines.map(({ name }) => absentResult(id, name, absent));
  const cases = read(files.map((file) => join(vectors, file)));
  const results: FamilyResult[] = [];
  for (const engine of engines) results.push(await runCases(id, engine, cases));
  return results;
}

async function runCases(
  id: string,
  engine: EngineUnderTest,
  cases: readonly AeadCase[],
): Promise<FamilyResult> {
  const failures: string[] = [];
  const skipped = new Map<string, number>();
  let tried = 0;
  for (let from = 0; from < cases.length; from += IN_FLIGHT) {
    await Promise.all(
      cases.slice(from, from + IN_FLIGHT).map(async (vector) => {
        const refusal = await engine.cannot(vector);
        if (refusal !== undefined) {
          skipped.set(refusal, (skipped.get(refusal) ?? 0) + 1);
          return;
        }
        tried += 1;
        for (const way of engine.ways) {
          const wrong = await disagreement(way, vector);
          if (wrong === undefined) continue;
          failures.push(`${vector.id}: ${wrong}`);
          return;
        }
      }),
    );
  }
  return countedResult(id, engine.name, tried, failures, skipped);
}
