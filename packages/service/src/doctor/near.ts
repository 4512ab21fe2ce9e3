/** Quotas that are nearly reached. */
import type { Symptom } from "./check.ts";

/** Part of a quota from which on a warning is due. */
const NEARLY = 0.8;

/** @param what as a sentence begins, such as "Aliases of the key" */
export function nearly(what: string, used: number, quota: number, mend: string): Symptom[] {
  if (used < quota * NEARLY || used === 0) return [];
  return [{ meaning: `${what}: ${used} of ${quota}.`, mend }];
}
