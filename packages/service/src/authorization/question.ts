/** What is to be decided: may this call do that with this key. */
import type { Call } from "../call.ts";
import type { KeyRecord } from "../database/records.ts";
import type { StoredFacts } from "./stored-facts.ts";

export interface Question {
  readonly call: Call;
  /** Without its prefix: `ReEncryptFrom`. */
  readonly action: string;
  /** Absent for what is about no key that exists. */
  readonly key?: KeyRecord;
  /** What was read from the store, if a policy asks for it. */
  readonly facts?: StoredFacts;
}

/** A member of the request, if it is a text. */
export function textIn({ call }: Question, member: string): string | undefined {
  const value = call.request[member];
  return typeof value === "string" ? value : undefined;
}
