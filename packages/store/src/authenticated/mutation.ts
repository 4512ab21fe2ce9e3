import type { StoreKey } from "../contract.ts";
import type { AuthenticRecord } from "./record.ts";

/** Records to insert, update, remove and hold still, together or not at all. */
export interface Mutation {
  /** Records that must not have changed since they were read. */
  readonly unchanged?: readonly AuthenticRecord[];
  /** New records; none may exist under their keys. */
  readonly inserts?: readonly { readonly key: StoreKey; readonly payload: Uint8Array }[];
  /** Records as they were read, and what they shall hold. */
  readonly updates?: readonly { readonly record: AuthenticRecord; readonly payload: Uint8Array }[];
  /** Records as they were read, to be removed. */
  readonly removals?: readonly AuthenticRecord[];
}
