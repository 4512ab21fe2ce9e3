/** Chooses the best synchronous engine of this runtime. */
import type { SyncEngine } from "./engine.ts";
import { typescriptEngine } from "./typescript/engine.ts";

let chosen: SyncEngine | undefined;

/** The best synchronous engine here; chosen at the first call and kept for the life of the process or realm. */
export function defaultSyncEngine(): SyncEngine {
  chosen ??= typescriptEngine();
  return chosen;
}
