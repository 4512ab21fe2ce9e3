/** Several mutations as one. */
import type { Mutation } from "@kmslite/store/authenticated";

/** Everything that the parts do, in one commit. */
export function together(...parts: readonly Mutation[]): Mutation {
  return {
    unchanged: parts.flatMap((part) => part.unchanged ?? []),
    inserts: parts.flatMap((part) => part.inserts ?? []),
    updates: parts.flatMap((part) => part.updates ?? []),
    removals: parts.flatMap((part) => part.removals ?? []),
  };
}
