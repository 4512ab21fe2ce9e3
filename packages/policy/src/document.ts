/** A policy document after it was parsed: what there is to evaluate, and where it stood. */
import type { ConditionOperator } from "./condition-operators.ts";
import type { Pattern } from "./pattern.ts";

/** 2012-10-17 has policy variables; the older one is what a document without Version has. */
export type PolicyVersion = "2008-10-17" | "2012-10-17";

export interface PolicyDocument {
  readonly version: PolicyVersion;
  readonly statements: readonly Statement[];
}

export interface Statement {
  /** Where it stands, such as `Statement[0]`. */
  readonly place: string;
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  /** Absent in policies of identities. */
  readonly principal?: PrincipalElement;
  /** Action and resource may be absent in a key policy: AWS takes such a statement, and it applies to nothing. */
  readonly action?: Matcher;
  readonly resource?: Matcher;
  readonly conditions: readonly Condition[];
}

/** Action or Resource, or their opposites. */
export interface Matcher {
  readonly negated: boolean;
  readonly patterns: readonly Pattern[];
}

/** Principal or NotPrincipal. */
export interface PrincipalElement {
  readonly negated: boolean;
  /** `"*"` or `{ "AWS": "*" }`. */
  readonly everyone: boolean;
  /** ARNs; accounts as their root users' ARNs. */
  readonly aws: readonly string[];
  /** The accounts among them, 12 digits each. */
  readonly accounts: readonly string[];
  /** Such as `s3.amazonaws.com`. */
  readonly services: readonly string[];
  /** Identity providers. */
  readonly federated: readonly string[];
}

/** One key of one operator of a Condition block. */
export interface Condition {
  /** As it stands in the policy, such as `ForAnyValue:StringLikeIfExists`. */
  readonly name: string;
  readonly operator: ConditionOperator;
  readonly quantifier?: "ForAllValues" | "ForAnyValue";
  readonly ifExists: boolean;
  /** Condition key in lower case: their case doesn't matter. */
  readonly key: string;
  /** The same as it stands in the policy. */
  readonly spelling: string;
  readonly values: readonly Pattern[];
}
