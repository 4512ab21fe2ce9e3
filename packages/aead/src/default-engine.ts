import type { SyncEngine } from "./engine.ts";
import { typescriptEngine } from "./typescript/engine.ts";

let chosen: SyncEngine | undefined;

/** The best engine of this runtime that answers at once. */
export function defaultSyncEngine(): SyncEngine {
  chosen ??= typescriptEngine();
  return chosen;
}
