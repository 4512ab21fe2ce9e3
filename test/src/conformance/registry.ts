/** Every conformance family, one line each. */
import { resolve } from "node:path";
import type { Family } from "./result.ts";
import { runSigv4 } from "./sigv4.ts";

/** The vectors lie beside the checkout; they are never part of it. */
export const VECTORS: string = resolve(import.meta.dirname, "../../../../shared/vectors");

export const families: readonly Family[] = [{ id: "sigv4", run: async (vectors) => [runSigv4(vectors)] }];
