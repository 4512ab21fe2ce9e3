/** Who can be given a grant, and who can be named to retire it. */
import { KmsError } from "../errors.ts";
import { type Shape, text } from "../shapes/shape.ts";

export const principalId: Shape<string> = text({ minimum: 1, maximum: 256, pattern: "^[\\w+=,.@:/-]+$" });
export const servicePrincipal: Shape<string> = text({
  minimum: 1,
  maximum: 128,
  pattern: "^([A-Za-z0-9\\-]+)\\.([A-Za-z0-9\\-]+)(\\.[A-Za-z0-9\\-]+)+$",
});

/** Accounts, users, roles, sessions of roles and federated users; no groups, no organizations. */
const PRINCIPAL =
  /^arn:aws[a-z-]*:(?:iam::([0-9]{12}):(?:root|user\/.+|role\/.+)|sts::([0-9]{12}):(?:assumed-role\/.+\/.+|federated-user\/.+))$/;

const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/;

/**
 * A principal that a grant names.
 *
 * @param byService whether a service makes the request; it may name itself or another service
 * @throws {KmsError} InvalidArnException
 */
export function assertPrincipal(principal: string, byService: boolean): void {
  if (PRINCIPAL.test(principal) || (byService && SERVICE.test(principal))) return;
  throw new KmsError("InvalidArnException", `ARN does not refer to a valid principal: ${principal}`);
}

/** The account of a principal, 12 digits; `undefined` if it is no ARN of one. */
export function accountOfPrincipal(principal: string): string | undefined {
  const match = PRINCIPAL.exec(principal);
  return match?.[1] ?? match?.[2];
}

/** @throws {KmsError} ValidationException if both members of a request are given, which exclude each other */
export function assertNotBoth(
  [first, second]: readonly [string, string],
  request: Readonly<Record<string, unknown>>,
): void {
  if (request[first] === undefined || request[second] === undefined) return;
  throw new KmsError("ValidationException", `You can specify either ${first} or ${second}, but not both.`);
}

/** @throws {KmsError} ValidationException unless exactly one of two members of a request is given */
export function assertOneOf(
  names: readonly [string, string],
  request: Readonly<Record<string, unknown>>,
): void {
  assertNotBoth(names, request);
  if (request[names[0]] !== undefined || request[names[1]] !== undefined) return;
  throw new KmsError("ValidationException", `You must specify either ${names[0]} or ${names[1]}.`);
}
