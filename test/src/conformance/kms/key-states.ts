/**
 * Conformance family `kms-key-states`: for every operation and state of a key, the outcome is the one of AWS's key-state matrix
 * (AWS KMS Developer Guide, "Key states of AWS KMS keys"), through the service.
 *
 * A cell passes if every request on the key succeeds or fails as the matrix says, with the exception and the wording of a
 * note, and a refused one leaves the state of the key as it was.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KmsError, operationNamed } from "@kmslite/service";
import { absentResult, countedResult, type Family } from "../result.ts";
import { type Bench, openBench, STATES } from "./key-in-state.ts";
import { makeSubject, REQUESTS, type Subject } from "./subject.ts";

const FILE = "kms/key-state-matrix.json";

interface Cell {
  readonly r: "ok" | "fail" | "cond" | "n/a";
  readonly notes?: readonly number[];
}

interface Matrix {
  readonly table: Readonly<Record<string, Readonly<Record<string, Cell>>>>;
}

/** What a note of the matrix says of a refusal: the exception, and how its message ends. */
interface Refusal {
  readonly name: string;
  readonly message: RegExp;
}

const REFUSALS: Readonly<Record<number, Refusal>> = {
  1: { name: "DisabledException", message: / is disabled\.$/ },
  2: { name: "DisabledException", message: / is pending (replica )?deletion\.$/ },
  3: { name: "KMSInvalidStateException", message: / is pending (replica )?deletion\.$/ },
  4: { name: "KMSInvalidStateException", message: / is not pending deletion/ },
  5: { name: "KMSInvalidStateException", message: / is pending import\.$/ },
  6: {
    name: "UnsupportedOperationException",
    message: / origin is EXTERNAL which is not valid for this operation\.$/,
  },
  7: {
    name: "UnsupportedOperationException",
    message: / origin is \w+ which is not valid for this operation\.$/,
  },
  8: { name: "KMSInvalidStateException", message: / is pending (replica )?deletion\.$/ },
  9: {
    name: "UnsupportedOperationException",
    message: / origin is \w+ which is not valid for this operation\.$/,
  },
  11: { name: "KMSInvalidStateException", message: / is unavailable\.$/ },
  14: { name: "KMSInvalidStateException", message: / is creating\.$/ },
  15: { name: "KMSInvalidStateException", message: / is updating\.$/ },
};

/** Success is on condition that the key has material of AWS's own (note 7): with imported material it is refused. */
const OWN_MATERIAL_ONLY = 7;

/** The operation is for imported material alone (note 9): with material of AWS's own it is refused. */
const IMPORTED_MATERIAL_ONLY = 9;

/** Of UpdateAlias's two keys the one that the alias leaves may be pending deletion, the other may not (note 10). */
const DESTINATION_DECIDES = 10;

export const kmsKeyStates: Family = {
  id: "kms-key-states",
  run: async (vectors) => {
    const path = join(vectors, FILE);
    if (!existsSync(path)) return [absentResult("kms-key-states", "service", [FILE])];
    const { table } = JSON.parse(readFileSync(path, "utf8")) as Matrix;
    const failures: string[] = [];
    const skipped = new Map<string, number>();
    const skip = (reason: string) => skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
    let tried = 0;
    const bench = await openBench();
    try {
      for (const [operation, cells] of Object.entries(table)) {
        for (const [state, cell] of Object.entries(cells)) {
          if (operationNamed(operation) === undefined) skip("the operation is not served yet");
          else if (cell.r === "n/a") skip("the matrix says not applicable");
          else {
            tried += 1;
            const wrong = await tryCell(bench, operation, state, cell);
            if (wrong !== undefined) failures.push(`${operation} in ${state}: ${wrong}`);
          }
        }
      }
    } finally {
      await bench.close();
    }
    return [countedResult("kms-key-states", "service", tried, failures, skipped)];
  },
};

/** What went against the matrix, or `undefined`. Every request gets a key of its own, for each way into the state. */
async function tryCell(
  bench: Bench,
  operation: string,
  state: string,
  cell: Cell,
): Promise<string | undefined> {
  const ways = STATES[state];
  const requests = REQUESTS[operation];
  if (ways === undefined || requests === undefined) return "this family does not know how to try it";
  for (const enter of ways) {
    let index = 0;
    for (;;) {
      const subject = await makeSubject(bench, operation);
      const request = requests(subject)[index];
      if (request === undefined) break;
      await enter(bench, subject.keyId);
      const wrong = await tryRequest(bench, operation, request, subject, expectedOf(cell));
      if (wrong !== undefined) return wrong;
      index += 1;
    }
  }
  if (cell.notes?.includes(DESTINATION_DECIDES)) return leavingKey(bench, operation, state);
  if (cell.r === "fail") return undefined;
  if (cell.notes?.includes(IMPORTED_MATERIAL_ONLY)) return otherMaterial(bench, operation, state, "AWS_KMS");
  if (cell.notes?.includes(OWN_MATERIAL_ONLY)) return otherMaterial(bench, operation, state, "EXTERNAL");
  return undefined;
}

/** The refusals that a cell allows; none if it says that the operation succeeds. */
function expectedOf({ r, notes = [] }: Cell): readonly Refusal[] {
  // In the cell of this note a request of ours points the alias at the key: that fails.
  if (notes.includes(DESTINATION_DECIDES)) return [REFUSALS[3] as Refusal];
  if (r !== "fail") return [];
  const refusals = notes.map((note) => REFUSALS[note]).filter((refusal) => refusal !== undefined);
  // Beside another note, this one speaks of keys with other material than this key has.
  const own = refusals.filter((refusal) => refusal !== REFUSALS[OWN_MATERIAL_ONLY]);
  return own.length > 0 ? own : refusals;
}

async function tryRequest(
  bench: Bench,
  operation: string,
  request: object,
  { keyId }: Subject,
  refusals: readonly Refusal[],
): Promise<string | undefined> {
  const before = await stateOf(bench, keyId);
  const error = await refusalOf(bench, operation, request);
  if (refusals.length === 0)
    return error === undefined ? undefined : `refused: ${error.name}: ${error.message}`;
  if (error === undefined) return "succeeded";
  const fits = refusals.some(({ name, message }) => error.name === name && message.test(error.message));
  if (!fits) return `refused otherwise: ${error.name}: ${error.message}`;
  const after = await stateOf(bench, keyId);
  return after === before ? undefined : `refused, and yet the state went from ${before} to ${after}`;
}

/** The other half of note 10: pointing the alias of such a key at a healthy one succeeds. */
async function leavingKey(bench: Bench, operation: string, state: string): Promise<string | undefined> {
  for (const enter of STATES[state] ?? []) {
    const subject = await makeSubject(bench, operation);
    await enter(bench, subject.keyId);
    const request = { AliasName: subject.alias, TargetKeyId: subject.other };
    const wrong = await tryRequest(bench, operation, request, subject, []);
    if (wrong !== undefined) return `from this key: ${wrong}`;
  }
  return undefined;
}

/** The other half of notes 7 and 9: the same key with material of the other origin is refused. */
async function otherMaterial(
  bench: Bench,
  operation: string,
  state: string,
  origin: "AWS_KMS" | "EXTERNAL",
): Promise<string | undefined> {
  for (const enter of STATES[state] ?? []) {
    const subject = await makeSubject(bench, operation);
    await enter(bench, subject.keyId);
    await bench.rewriteKey(subject.keyId, { origin });
    for (const request of REQUESTS[operation]?.(subject) ?? []) {
      const refusal = REFUSALS[OWN_MATERIAL_ONLY] as Refusal;
      const wrong = await tryRequest(bench, operation, request, subject, [refusal]);
      if (wrong !== undefined) return `with material of ${origin}: ${wrong}`;
    }
  }
  return undefined;
}

async function refusalOf(bench: Bench, operation: string, request: object): Promise<KmsError | undefined> {
  try {
    await bench.call(operation, request);
    return undefined;
  } catch (error) {
    if (error instanceof KmsError) return error;
    throw error;
  }
}

async function stateOf(bench: Bench, keyId: string): Promise<string> {
  const { KeyMetadata } = await bench.call("DescribeKey", { KeyId: keyId });
  return (KeyMetadata as { KeyState: string }).KeyState;
}
