/** What a check is: a look at one KMS key with all that the store has about it. */
import type { PolicyDocument } from "@kmslite/policy";
import type { GrantRecord, KeyRecord } from "../database/records.ts";
import type { Limits } from "../limits.ts";
import type { UnknownPrincipal } from "../policies/unknown-principals.ts";
import type { UsageRecord } from "../usage/usage-records.ts";
import type { CheckId, Severity } from "./finding.ts";

/** One KMS key, as the store has it at one time. */
export interface Patient {
  readonly key: KeyRecord;
  readonly arn: string;
  /** As it is kept: the default one, if the key was given none. */
  readonly policyText: string;
  /** Absent if the text is no policy. */
  readonly policy?: PolicyDocument;
  /** Why the text is no policy. */
  readonly policyError?: string;
  /** Principals that the policy names and the directory would know if they were there. */
  readonly unknownPrincipals: readonly UnknownPrincipal[];
  readonly grants: readonly GrantRecord[];
  readonly aliases: number;
  /** Absent if it was never used. */
  readonly lastUse?: UsageRecord;
  readonly limits: Limits;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Symptom {
  readonly meaning: string;
  readonly mend: string;
}

export interface KeyCheck {
  readonly id: CheckId;
  readonly severity: Severity;
  /** Whether it looks at the keys of AWS services too, which nobody else can change. */
  readonly managedToo?: boolean;
  readonly look: (patient: Patient) => readonly Symptom[];
}
