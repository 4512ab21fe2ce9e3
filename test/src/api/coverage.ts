/**
 * What is tested of each operation, found out by trying: every request, every error case and every edge is run here, through
 * the official SDK, and what came is what is counted. Nothing of the table is typed by hand.
 */
import { type AnyOperation, loadOperations } from "@kmslite/service";
import type { Bench } from "../conformance/kms/key-in-state.ts";
import { REQUESTS } from "../conformance/kms/subject.ts";
import { edgesOf } from "./edge-cases.ts";
import { errorOf, OWN_CASES, sharedCases } from "./error-cases.ts";
import { hasRequest, prepare, requestsOf } from "./requests.ts";
import { documentedErrors, openSdkBench, SDK_OPERATIONS } from "./sdk.ts";

/** What was found of one operation. */
export interface Coverage {
  readonly operation: string;
  readonly served: boolean;
  /** Requests that succeeded through the SDK. */
  readonly happy: number;
  /** Documented errors that a request provoked, and those that none did. */
  readonly provoked: readonly string[];
  readonly unprovoked: readonly string[];
  /** Edges of constraints that hold. */
  readonly edges: number;
  /** Whether it is tried in every state of a key. */
  readonly states: boolean;
  /** Whether another account's key is refused; `undefined` if the operation names no key. */
  readonly foreign: boolean | undefined;
}

/** Runs everything there is for every operation of the SDK. */
export async function measureCoverage(): Promise<readonly Coverage[]> {
  const served = new Map((await loadOperations()).map((operation) => [operation.name, operation]));
  const bench = await openSdkBench();
  try {
    const rows: Coverage[] = [];
    for (const name of SDK_OPERATIONS) {
      const operation = served.get(name);
      rows.push(
        operation === undefined || !hasRequest(name)
          ? nothing(name, operation)
          : await cover(bench, operation),
      );
    }
    return rows;
  } finally {
    await bench.close();
  }
}

function nothing(operation: string, found: AnyOperation | undefined): Coverage {
  const unprovoked = documentedErrors(operation);
  const served = found !== undefined;
  return {
    operation,
    served,
    happy: 0,
    provoked: [],
    unprovoked,
    edges: 0,
    states: false,
    foreign: undefined,
  };
}

async function cover(bench: Bench, operation: AnyOperation): Promise<Coverage> {
  const { name } = operation;
  let happy = 0;
  for (let index = 0; index < (await requestsOf(bench, name)); index++) {
    const { input } = await prepare(bench, name, index);
    await bench.call(name, input);
    happy += 1;
  }
  const cases = { ...sharedCases(operation), ...OWN_CASES[name] };
  const found = new Set<string | undefined>();
  for (const [error, make] of Object.entries(cases)) {
    const came = await errorOf(bench, name, make);
    if (came === error) found.add(error);
    else if (OWN_CASES[name]?.[error] !== undefined)
      throw new Error(`${name}: ${error} expected, ${came} came`);
  }
  const documented = documentedErrors(name);
  const { AccessDeniedException: foreign } = sharedCases(operation);
  return {
    operation: name,
    served: true,
    happy,
    provoked: documented.filter((error) => found.has(error)),
    unprovoked: documented.filter((error) => !found.has(error)),
    edges: await holdingEdges(bench, operation),
    states: REQUESTS[name] !== undefined,
    foreign: foreign === undefined ? undefined : found.has("AccessDeniedException"),
  };
}

/** How many edges hold; @throws if one does not */
async function holdingEdges(bench: Bench, operation: AnyOperation): Promise<number> {
  const edges = edgesOf(operation);
  const { input } = await prepare(bench, operation.name);
  for (const { member, value, words, refused, name } of edges) {
    const message = await messageOf(bench, operation.name, { ...input, [member]: value });
    if (words.test(message) !== refused) {
      throw new Error(
        `${operation.name}: ${name} is ${refused ? "not " : ""}refused: ${message.slice(0, 500)}`,
      );
    }
  }
  return edges.length;
}

async function messageOf(bench: Bench, operation: string, request: object): Promise<string> {
  try {
    await bench.call(operation, request);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
