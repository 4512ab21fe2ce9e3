/** The IAM policy language: parse, evaluate, and say why. Pure: no I/O, no clock. */
export type * from "./caller.ts";
export type { Context } from "./condition.ts";
export { type Decision, decide, type Policies, type PolicyOutcome, type Reason } from "./decide.ts";
export type * from "./document.ts";
export { type Grant, grantAllows } from "./grant.ts";
export { type PolicyKind, parsePolicy } from "./parse.ts";
export { PolicyError } from "./policy-error.ts";
export type { Reach } from "./principal-element.ts";
export type { Request, StatementOutcome } from "./statement.ts";
