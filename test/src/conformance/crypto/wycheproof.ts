/**
 * Wycheproof's files of version 1 for everything but AEADs: groups with keys and parameters, tests in them.
 *
 * A `valid` test must be accepted, an `invalid` one refused; an `acceptable` one may be either, but like all of them it must
 * not throw.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { absentResult, countedResult, type FamilyResult } from "../result.ts";

/** What became of a test: whether it was accepted, or why it was not tried. */
export type Outcome = boolean | { readonly skipped: string };

interface WycheproofTest {
  readonly tcId: number;
  readonly result: "valid" | "invalid" | "acceptable";
}

interface WycheproofFile<Group, Test> {
  readonly numberOfTests: number;
  readonly testGroups: readonly (Group & { readonly tests: readonly (Test & WycheproofTest)[] })[];
}

/** @param files names in `wycheproof/`, without `_test.json` */
export async function runWycheproof<Group, Test>(
  id: string,
  engine: string,
  vectors: string,
  files: readonly string[],
  attempt: (group: Group, test: Test) => Outcome | Promise<Outcome>,
): Promise<FamilyResult> {
  const paths = files.map((file) => `wycheproof/${file}_test.json`);
  const absent = paths.filter((path) => !existsSync(join(vectors, path)));
  if (absent.length > 0) return absentResult(id, engine, absent);
  const failures: string[] = [];
  const skipped = new Map<string, number>();
  let tried = 0;
  for (const path of paths) {
    const file = JSON.parse(readFileSync(join(vectors, path), "utf8")) as WycheproofFile<Group, Test>;
    let held = 0;
    for (const group of file.testGroups) {
      for (const test of group.tests) {
        held++;
        const outcome = await settle(() => attempt(group, test));
        if (typeof outcome === "object") {
          skipped.set(outcome.skipped, (skipped.get(outcome.skipped) ?? 0) + 1);
          continue;
        }
        tried++;
        const agrees = test.result === "acceptable" || outcome === (test.result === "valid");
        if (typeof outcome === "string" || !agrees) failures.push(`${path}, tcId ${test.tcId}: ${outcome}`);
      }
    }
    if (held !== file.numberOfTests) throw new Error(`${path}: holds ${held} tests`);
  }
  return countedResult(id, engine, tried, failures, skipped);
}

/** An error is a failure with its name, whatever the test expects. */
async function settle(attempt: () => Outcome | Promise<Outcome>): Promise<Outcome | string> {
  try {
    return await attempt();
  } catch (error) {
    return `${error}`;
  }
}
