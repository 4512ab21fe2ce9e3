/** Grants per key. */
import type { KeyCheck } from "../check.ts";
import { nearly } from "../near.ts";

export const quotaGrants: KeyCheck = {
  id: "quota-grants",
  severity: "warning",
  managedToo: true,
  look: ({ grants, limits }) =>
    nearly(
      "Grants of the key",
      grants.length,
      limits.grantsPerKey,
      "Retire grants when their task is done, or use a key policy where the same principals come again.",
    ),
};
