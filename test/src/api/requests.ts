/** A request that succeeds, for every operation: what the conformance families ask, and what has to happen before. */
import type { Bench } from "../conformance/kms/key-in-state.ts";
import { BEFORE, MORE_REQUESTS } from "../conformance/kms/model.ts";
import { makeSubject, REQUESTS, type Subject } from "../conformance/kms/subject.ts";

/** A prepared request: `input` succeeds as it is. */
export interface Prepared {
  readonly subject: Subject;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Whether there is a request for an operation. */
export function hasRequest(operation: string): boolean {
  return (REQUESTS[operation] ?? MORE_REQUESTS[operation]) !== undefined;
}

/** How many requests there are for an operation. */
export async function requestsOf(bench: Bench, operation: string): Promise<number> {
  return inputsOf(operation, await makeSubject(bench, operation)).length;
}

/** The `index`-th request for an operation, on a key of its own. */
export async function prepare(bench: Bench, operation: string, index = 0): Promise<Prepared> {
  const subject = await makeSubject(bench, operation);
  const input = inputsOf(operation, subject)[index];
  if (input === undefined) throw new RangeError(`There is no request ${index} for ${operation}`);
  for (const before of BEFORE[operation] ?? []) await bench.call(before, inputsOf(before, subject)[0] ?? {});
  return { subject, input: input as Prepared["input"] };
}

function inputsOf(operation: string, subject: Subject): readonly object[] {
  return (REQUESTS[operation] ?? MORE_REQUESTS[operation])?.(subject) ?? [];
}
