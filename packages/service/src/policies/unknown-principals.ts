/**
 * Principals that a key policy names and that do not exist: AWS refuses such a policy (API Reference, PutKeyPolicy, "Policy").
 *
 * Who exists is known of accounts that have users or roles in the directory. Of all others it is not, and nobody of them is refused.
 */
import type { PolicyDocument } from "@kmslite/policy";
import { KmsError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";

export interface UnknownPrincipal {
  /** Such as `Statement[0].Principal`. */
  readonly place: string;
  readonly arn: string;
}

/** Users, roles and sessions; root users are there as long as their account is. */
const NAMED = /^arn:[a-z-]+:(?:iam|sts)::([0-9]{12}):(?:user|role|assumed-role)\//;

export async function unknownPrincipals(
  runtime: Runtime,
  { statements }: PolicyDocument,
): Promise<UnknownPrincipal[]> {
  const named = statements.flatMap(({ place, principal }) =>
    (principal?.aws ?? []).flatMap((arn) => {
      const account = NAMED.exec(arn)?.[1];
      const element = principal?.negated === true ? "NotPrincipal" : "Principal";
      return account === undefined ? [] : [{ place: `${place}.${element}`, arn, account }];
    }),
  );
  if (named.length === 0) return [];
  const { holdsAccount, knownPrincipal } = await import("../iam/known-principal.ts");
  const accounts = new Map<string, boolean>();
  const unknown: UnknownPrincipal[] = [];
  for (const { place, arn, account } of named) {
    const held = accounts.get(account) ?? (await holdsAccount(runtime, account));
    accounts.set(account, held);
    if (held && (await knownPrincipal(runtime, arn)) === undefined) unknown.push({ place, arn });
  }
  return unknown;
}

/** @throws {KmsError} MalformedPolicyDocumentException, which says where */
export async function assertPrincipalsExist(runtime: Runtime, document: PolicyDocument): Promise<void> {
  const [unknown] = await unknownPrincipals(runtime, document);
  if (unknown === undefined) return;
  throw new KmsError(
    "MalformedPolicyDocumentException",
    `Policy contains a statement with one or more invalid principals. (${unknown.place}: ${unknown.arn})`,
  );
}
