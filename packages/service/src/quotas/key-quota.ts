/**
 * How many customer managed keys an account has in a Region, and whether there is room for another one.
 *
 * The keys are counted when the first is made, then this process counts its own. Several processes may together make some too
 * many before one of them counts again; at the limit they are counted anew, once a minute at most.
 */
import { reaches } from "@kmslite/store/authenticated";
import type { Call } from "../call.ts";
import { accountKeyKey, under } from "../database/keys.ts";
import { KmsError } from "../errors.ts";

interface Count {
  count: number;
  countedAt: number;
}

const RECOUNT_AFTER = 60_000;

/** By runtime, since a process may run several services. */
const counts = new WeakMap<object, Map<string, Count>>();

/**
 * @returns gives the room back, for a key that was not made after all
 * @throws {KmsError} LimitExceededException
 */
export async function takeRoomForKey(call: Call): Promise<() => void> {
  const { keysPerRegion } = call.runtime.limits;
  const known = counts.get(call.runtime) ?? new Map<string, Count>();
  counts.set(call.runtime, known);
  const place = accountKeyKey(call.caller, "");
  let counted = known.get(place);
  const stale = counted !== undefined && call.now - counted.countedAt >= RECOUNT_AFTER;
  if (counted === undefined || (counted.count >= keysPerRegion && stale)) {
    counted = { count: await countUnder(call, place), countedAt: call.now };
    known.set(place, counted);
  }
  if (counted.count >= keysPerRegion) {
    throw new KmsError(
      "LimitExceededException",
      `KMS keys quota for this account in this region is ${keysPerRegion}, current usage is ${counted.count}.`,
    );
  }
  const taken = counted;
  taken.count += 1;
  return () => {
    taken.count -= 1;
  };
}

async function countUnder(call: Call, prefix: string): Promise<number> {
  const { start, end } = under(prefix);
  let count = 0;
  for (let from = start; ; ) {
    const page = await call.runtime.database.records.list({ start: from, end, limit: 1000 });
    count += page.length;
    const last = page.at(-1);
    if (last === undefined || reaches(last.next, end)) return count;
    from = last.next;
  }
}
