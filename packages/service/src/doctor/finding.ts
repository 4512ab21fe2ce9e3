/** What the doctor finds: a known mistake, where it is, what it means, and how to mend it. */
export interface Finding {
  /** Stable name of the check, such as `no-rotation`. */
  readonly id: CheckId;
  readonly severity: Severity;
  /** ARN of the key; or of an account, if it is about all of its keys in a Region. */
  readonly resource: string;
  readonly meaning: string;
  readonly mend: string;
}

/** `error`: access or data is lost, or open to strangers. `warning`: it may come to that. */
export type Severity = "error" | "warning";

export type CheckId =
  | "expiring-material"
  | "grant-too-wide"
  | "key-for-everything"
  | "key-policy-deleted-principal"
  | "key-policy-everyone"
  | "key-policy-foreign-wildcard"
  | "key-policy-inert-statement"
  | "key-policy-locks-out"
  | "key-policy-unreadable"
  | "key-policy-without-account"
  | "no-rotation"
  | "pending-deletion-in-use"
  | "quota-aliases"
  | "quota-grants"
  | "quota-keys"
  | "quota-policy-size"
  | "request-other-region";
