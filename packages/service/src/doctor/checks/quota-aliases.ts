/** Aliases per key. */
import type { KeyCheck } from "../check.ts";
import { nearly } from "../near.ts";

export const quotaAliases: KeyCheck = {
  id: "quota-aliases",
  severity: "warning",
  look: ({ aliases, limits }) =>
    nearly("Aliases of the key", aliases, limits.aliasesPerKey, "Delete aliases that nothing uses."),
};
