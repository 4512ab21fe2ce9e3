/** The IAM policy language: parse, evaluate, and say why. Pure: no I/O, no clock. */

export type {
  AnonymousCaller,
  AssumedRoleCaller,
  FederatedUserCaller,
  RootCaller,
  ServiceCaller,
  UserCaller,
} from "./caller.ts";
export { type Caller, callerOfArn } from "./caller.ts";
export type { Context } from "./condition.ts";
export { type Decision, decide, type Policies, type PolicyOutcome, type Reason } from "./decide.ts";
export type * from "./document.ts";
export type { Change } from "./explain/changes.ts";
export { type ExplainedStatement, type Explanation, explain } from "./explain/explain.ts";
export { explanationText } from "./explain/explanation-text.ts";
export type { Miss } from "./explain/misses.ts";
export type { ExplainOptions } from "./explain/named-policies.ts";
export { type Grant, type GrantConstraints, grantAllows, isWithin } from "./grant.ts";
export { leavesAWay } from "./lockout.ts";
export { type PolicyKind, parsePolicy } from "./parse.ts";
export { PolicyError } from "./policy-error.ts";
export type { Reach } from "./principal-element.ts";
export type { Request, StatementOutcome } from "./statement.ts";
