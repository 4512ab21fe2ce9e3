/**
 * Finds operations by their names, and loads those that are loaded on demand.
 *
 * What has been loaded is found without waiting: a lookup on the way of every Encrypt and Decrypt must not cost a turn of
 * the event loop.
 */
import { KmsError } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { core, onDemand } from "./index.ts";

/** An operation whose types the caller does not know. */
export type AnyOperation = Operation<never, unknown>;

type Load = () => Promise<Readonly<Record<string, AnyOperation>>>;

const coreOperations: readonly (readonly [string, AnyOperation])[] = Object.entries(
  core as unknown as Record<string, AnyOperation>,
);
const loaders = Object.entries(onDemand as unknown as Record<string, Load>);

/** Names of the SDK's methods, such as `encrypt`, of all operations. */
export const methodNames: readonly string[] = [...coreOperations, ...loaders].map(([method]) => method);

/** By the names in the API: an operation that is at hand, or what loads it. */
const entries = new Map<string, AnyOperation | (() => Promise<AnyOperation>)>([
  ...coreOperations.map(([method, operation]) => [operationName(method), operation] as const),
  ...loaders.map(([method, load]) => [operationName(method), () => loadOperation(method, load)] as const),
]);

/** The name in the API of an SDK's method: `Encrypt` of `encrypt`. */
export function operationName(method: string): string {
  return method.charAt(0).toUpperCase() + method.slice(1);
}

/**
 * The operation of a name in the API, such as `Encrypt`: itself if it is at hand, a promise of it if it has to be loaded,
 * `undefined` if there is none. What could not be loaded is tried again by the next call.
 *
 * @throws {KmsError} the promise, KMSInternalException: its module could not be loaded (a network that is away, a deployment
 *   that replaced the files)
 */
export function operationNamed(name: string): AnyOperation | Promise<AnyOperation> | undefined {
  const entry = entries.get(name);
  return typeof entry === "function" ? entry() : entry;
}

/** Loads every operation, so that none has to be loaded later: before a page goes offline, say. */
export async function loadOperations(): Promise<readonly AnyOperation[]> {
  return Promise.all([...entries.values()].map((entry) => (typeof entry === "function" ? entry() : entry)));
}

async function loadOperation(method: string, load: Load): Promise<AnyOperation> {
  const name = operationName(method);
  const operation = (await load().catch((cause: unknown) => refuse(name, cause)))[method];
  if (operation === undefined) return refuse(name);
  entries.set(name, operation);
  return operation;
}

function refuse(name: string, cause?: unknown): never {
  throw new KmsError("KMSInternalException", `The operation ${name} could not be loaded`, { cause });
}
