/**
 * The conformance suite of the store contract: run it against an adapter, and what passes can stand below KMSLite.
 *
 * It is a plain list of named checks and belongs to no test framework, so it runs wherever the adapter does.
 *
 * @example
 * for (const { name, run } of storeConformance({ create, persistent: true })) test(name, run);
 */
import type { Store } from "../contract.ts";
import type { Case } from "./case.ts";
import { concurrency } from "./concurrency.ts";
import { lifetime } from "./lifetime.ts";
import { limits } from "./limits.ts";
import { listing } from "./listing.ts";
import { model } from "./model.ts";
import { seededRandom } from "./random.ts";
import { rules } from "./rules.ts";

/** Where one case keeps its records: a file, a table, a name in a cluster. */
export interface Medium {
  /** A handle on the medium. Called several times, also while other handles are open, if the target is `persistent`. */
  open(): Promise<Store>;
  /** Called once, after every handle was closed: removes the medium. */
  dispose(): Promise<void>;
}

/** What to test. */
export interface ConformanceTarget {
  /** A medium that is empty and used by nobody else; one is made for every case. */
  create(): Promise<Medium>;
  /** Whether records outlive the handle that wrote them and can be seen by several at once. If false, cases that need it are left out. */
  readonly persistent: boolean;
  /** 32 bits that all random choices follow from. A failure names it; without one, every run differs. */
  readonly seed?: number;
}

/** A sentence of the contract; `run` rejects, saying why, where it is not true. */
export interface ConformanceTest {
  readonly name: string;
  readonly run: () => Promise<void>;
}

const CASES: readonly Case[] = [...rules, ...limits, ...listing, ...model, ...concurrency, ...lifetime];

/** The tests for an adapter, to be run in any order, also at the same time. */
export function storeConformance(target: ConformanceTarget): readonly ConformanceTest[] {
  const seed = target.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return CASES.filter(({ persistent }) => target.persistent || !persistent).map((testCase) => ({
    name: testCase.name,
    run: () => runCase(target, testCase, seed),
  }));
}

async function runCase(target: ConformanceTarget, { name, check }: Case, seed: number): Promise<void> {
  const medium = await target.create();
  const handles: Store[] = [];
  const open = async (): Promise<Store> => {
    const handle = await medium.open();
    handles.push(handle);
    return handle;
  };
  try {
    await check({ store: await open(), openAnother: open, random: seededRandom(seed) });
  } catch (error) {
    throw new Error(`${name} (seed ${seed}): ${String(error)}`, { cause: error });
  } finally {
    for (const handle of handles) await handle.close();
    await medium.dispose();
  }
}
