/** Decisions over all policies, by the documents' own rules; each line is one of them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Caller, callerOfArn } from "./caller.ts";
import { decide, type Policies, type Reason } from "./decide.ts";
import { parsePolicy } from "./parse.ts";

const OWNER = "111122223333";
const OTHER = "444455556666";
const ROOT = `arn:aws:iam::${OWNER}:root`;
const ALICE = `arn:aws:iam::${OWNER}:user/alice`;
const ROLE = `arn:aws:iam::${OWNER}:role/ops`;
const SESSION = `arn:aws:sts::${OWNER}:assumed-role/ops/one`;
const MALLORY = `arn:aws:iam::${OTHER}:user/mallory`;
const KEY = `arn:aws:kms:us-east-1:${OWNER}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

const caller = (arn: string): Caller => callerOfArn(arn) ?? { type: "Anonymous" };
const service: Caller = { type: "Service", service: "s3.amazonaws.com" };

const statement = (changes: object = {}) => ({
  Effect: "Allow",
  Action: "kms:Decrypt",
  Resource: "*",
  ...changes,
});
const keyPolicy = (...statements: object[]) => ({
  accountId: OWNER,
  policy: parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement: statements }), "resource"),
});
const identityPolicy = (...statements: object[]) =>
  parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement: statements }), "identity");
const to = (AWS: string | string[], changes: object = {}) => statement({ Principal: { AWS }, ...changes });
const everyone = (changes: object = {}) => statement({ Principal: "*", ...changes });

const allows = identityPolicy(statement());
const denies = identityPolicy(statement({ Effect: "Deny" }));
const silent = identityPolicy(statement({ Action: "s3:*" }));
const none: Policies = { identity: [] };

function decision(who: Caller, policies: Policies) {
  const request = { caller: who, action: "kms:Decrypt", resource: KEY, context: new Map() };
  return decide(request, policies);
}

describe("in one account", () => {
  test.each<[string, Caller, Policies, boolean, Reason]>([
    [
      "nothing allows",
      caller(ALICE),
      { ...none, key: keyPolicy(everyone({ Action: "kms:Sign" })) },
      false,
      "KeyPolicyDoesNotAllow",
    ],
    [
      "the key policy names the user",
      caller(ALICE),
      { ...none, key: keyPolicy(to(ALICE)) },
      true,
      "KeyPolicy",
    ],
    [
      "the key policy names another user",
      caller(ALICE),
      { ...none, key: keyPolicy(to(`${ALICE}2`)) },
      false,
      "KeyPolicyDoesNotAllow",
    ],
    [
      "the key policy names the account alone",
      caller(ALICE),
      { ...none, key: keyPolicy(to(ROOT)) },
      false,
      "IdentityPolicyDoesNotAllow",
    ],
    [
      "key policy names the account, identity policy allows",
      caller(ALICE),
      { identity: [allows], key: keyPolicy(to(ROOT)) },
      true,
      "KeyPolicyAndIdentityPolicy",
    ],
    [
      "the account may be its number",
      caller(ALICE),
      { identity: [allows], key: keyPolicy(to(OWNER)) },
      true,
      "KeyPolicyAndIdentityPolicy",
    ],
    [
      "identity policy alone is not enough",
      caller(ALICE),
      { identity: [allows], key: keyPolicy(to(`${ALICE}2`)) },
      false,
      "KeyPolicyDoesNotAllow",
    ],
    [
      "identity policy alone denies",
      caller(ALICE),
      { identity: [denies], key: keyPolicy(to(ALICE)) },
      false,
      "ExplicitDeny",
    ],
    ["root user, named as account", caller(ROOT), { ...none, key: keyPolicy(to(ROOT)) }, true, "KeyPolicy"],
    [
      "root user, not named",
      caller(ROOT),
      { ...none, key: keyPolicy(to(ALICE)) },
      false,
      "KeyPolicyDoesNotAllow",
    ],
    ["everyone", caller(ALICE), { ...none, key: keyPolicy(everyone()) }, true, "KeyPolicy"],
    [
      "a Deny in the key policy",
      caller(ALICE),
      { ...none, key: keyPolicy(everyone(), to(ALICE, { Effect: "Deny" })) },
      false,
      "ExplicitDeny",
    ],
    [
      "a Deny for the account",
      caller(ALICE),
      { ...none, key: keyPolicy(everyone(), to(ROOT, { Effect: "Deny" })) },
      false,
      "ExplicitDeny",
    ],
    [
      "a Deny for the role of the session",
      caller(SESSION),
      { ...none, key: keyPolicy(everyone(), to(ROLE, { Effect: "Deny" })) },
      false,
      "ExplicitDeny",
    ],
    [
      "a Deny in the boundary",
      caller(ALICE),
      { ...none, boundary: denies, key: keyPolicy(to(ALICE)) },
      false,
      "ExplicitDeny",
    ],
    [
      "a Deny in the session policy",
      caller(SESSION),
      { ...none, session: [denies], key: keyPolicy(to(SESSION)) },
      false,
      "ExplicitDeny",
    ],
    [
      "a boundary that is silent does not stop a user who is named",
      caller(ALICE),
      { ...none, boundary: silent, key: keyPolicy(to(ALICE)) },
      true,
      "KeyPolicy",
    ],
    [
      "nor a user among everyone",
      caller(ALICE),
      { ...none, boundary: silent, key: keyPolicy(everyone()) },
      true,
      "KeyPolicy",
    ],
    [
      "it stops what identity policies allow",
      caller(ALICE),
      { identity: [allows], boundary: silent, key: keyPolicy(to(ROOT)) },
      false,
      "BoundaryDoesNotAllow",
    ],
    [
      "a boundary that allows does not",
      caller(ALICE),
      { identity: [allows], boundary: allows, key: keyPolicy(to(ROOT)) },
      true,
      "KeyPolicyAndIdentityPolicy",
    ],
    [
      "a session whose role is named",
      caller(SESSION),
      { ...none, key: keyPolicy(to(ROLE)) },
      true,
      "KeyPolicy",
    ],
    [
      "the role's boundary limits it",
      caller(SESSION),
      { ...none, boundary: silent, key: keyPolicy(to(ROLE)) },
      false,
      "BoundaryDoesNotAllow",
    ],
    [
      "the session's policy limits it",
      caller(SESSION),
      { ...none, session: [silent], key: keyPolicy(to(ROLE)) },
      false,
      "SessionPolicyDoesNotAllow",
    ],
    [
      "neither limits a session that is named itself",
      caller(SESSION),
      { ...none, boundary: silent, session: [silent], key: keyPolicy(to(SESSION)) },
      true,
      "KeyPolicy",
    ],
    [
      "both limit a session among everyone",
      caller(SESSION),
      { ...none, session: [silent], key: keyPolicy(everyone()) },
      false,
      "SessionPolicyDoesNotAllow",
    ],
    ["a grant", caller(ALICE), { ...none, granted: true, key: keyPolicy(to(`${ALICE}2`)) }, true, "Grant"],
    [
      "a grant does not overcome a Deny",
      caller(ALICE),
      { ...none, granted: true, key: keyPolicy(to(ALICE, { Effect: "Deny" })) },
      false,
      "ExplicitDeny",
    ],
    [
      "a service that is named",
      service,
      { ...none, key: keyPolicy(statement({ Principal: { Service: "s3.amazonaws.com" } })) },
      true,
      "KeyPolicy",
    ],
    [
      "a service that is not",
      service,
      { ...none, key: keyPolicy(statement({ Principal: { Service: "sns.amazonaws.com" } })) },
      false,
      "KeyPolicyDoesNotAllow",
    ],
    [
      "nobody in particular",
      { type: "Anonymous" },
      { ...none, key: keyPolicy(to(ROOT)) },
      false,
      "KeyPolicyDoesNotAllow",
    ],
    [
      "nobody in particular, among everyone",
      { type: "Anonymous" },
      { ...none, key: keyPolicy(everyone()) },
      true,
      "KeyPolicy",
    ],
    [
      "an Allow for all others",
      caller(ALICE),
      { ...none, key: keyPolicy(statement({ NotPrincipal: { AWS: MALLORY } })) },
      true,
      "KeyPolicy",
    ],
    [
      "which leaves out who is named by the account",
      caller(ALICE),
      { ...none, key: keyPolicy(statement({ NotPrincipal: { AWS: ROOT } })) },
      false,
      "KeyPolicyDoesNotAllow",
    ],
    [
      "a Deny for all others",
      caller(ALICE),
      {
        ...none,
        key: keyPolicy(everyone(), statement({ Effect: "Deny", NotPrincipal: { AWS: [ROOT, ALICE] } })),
      },
      true,
      "KeyPolicy",
    ],
    [
      "which spares only whom it names with the account",
      caller(ALICE),
      { ...none, key: keyPolicy(everyone(), statement({ Effect: "Deny", NotPrincipal: { AWS: ALICE } })) },
      false,
      "ExplicitDeny",
    ],
    [
      "and nobody with a permissions boundary",
      caller(ALICE),
      {
        ...none,
        boundary: allows,
        key: keyPolicy(everyone(), statement({ Effect: "Deny", NotPrincipal: { AWS: [ROOT, ALICE] } })),
      },
      false,
      "ExplicitDeny",
    ],
    [
      "everyone, with the account besides",
      caller(ALICE),
      { ...none, key: keyPolicy(to(["*", ROOT])) },
      true,
      "KeyPolicy",
    ],
    [
      "a statement without Resource does nothing",
      caller(ALICE),
      { ...none, key: keyPolicy(to(ALICE, { Resource: undefined })) },
      false,
      "KeyPolicyDoesNotAllow",
    ],
    [
      "a variable without a value lets nobody in",
      caller(ALICE),
      { ...none, key: keyPolicy(to(ALICE, { Condition: { StringNotEquals: { "kms:A": "${aws:b}" } } })) },
      false,
      "KeyPolicyDoesNotAllow",
    ],
    [
      "nor does what is all but one",
      caller(ALICE),
      { ...none, key: keyPolicy(to(ALICE, { Resource: undefined, NotResource: "${aws:b}" })) },
      false,
      "KeyPolicyDoesNotAllow",
    ],
  ])("%s", (_, who, policies, allowed, reason) => {
    expect(decision(who, policies)).toMatchObject({ allowed, reason });
  });
});

describe("across accounts", () => {
  const outside = caller(MALLORY);
  const across = { crossAccount: true } as const;
  test.each<[string, Policies, boolean, Reason]>([
    [
      "both sides allow",
      { ...across, identity: [allows], key: keyPolicy(to(OTHER)) },
      true,
      "KeyPolicyAndIdentityPolicy",
    ],
    [
      "the key policy names the user, whose account is silent",
      { ...across, identity: [], key: keyPolicy(to(MALLORY)) },
      false,
      "IdentityPolicyDoesNotAllow",
    ],
    [
      "the key policy is silent",
      { ...across, identity: [allows], key: keyPolicy(to(ROOT)) },
      false,
      "KeyPolicyDoesNotAllow",
    ],
    [
      "a grant stands for the key policy",
      { ...across, identity: [allows], granted: true, key: keyPolicy(to(ROOT)) },
      true,
      "Grant",
    ],
    [
      "and not for the identity's",
      { ...across, identity: [], granted: true, key: keyPolicy(to(ROOT)) },
      false,
      "IdentityPolicyDoesNotAllow",
    ],
    [
      "a boundary counts",
      { ...across, identity: [allows], boundary: silent, key: keyPolicy(to(MALLORY)) },
      false,
      "BoundaryDoesNotAllow",
    ],
    [
      "some actions stay in the account",
      { identity: [allows], key: keyPolicy(to(MALLORY)) },
      false,
      "NotAcrossAccounts",
    ],
  ])("%s", (_, policies, allowed, reason) => {
    expect(decision(outside, policies)).toMatchObject({ allowed, reason });
  });
});

describe("about no key", () => {
  test.each<[string, string, Policies, boolean, Reason]>([
    ["identity policies decide", ALICE, { identity: [allows] }, true, "IdentityPolicy"],
    ["which may be silent", ALICE, { identity: [silent] }, false, "IdentityPolicyDoesNotAllow"],
    ["or limited", ALICE, { identity: [allows], boundary: silent }, false, "BoundaryDoesNotAllow"],
    ["a root user may", ROOT, { identity: [] }, true, "RootUser"],
  ])("%s", (_, arn, policies, allowed, reason) => {
    expect(decision(caller(arn), policies)).toMatchObject({ allowed, reason });
  });
});

describe("whatever the policies are", () => {
  const arns = fc.constantFrom(ROOT, ALICE, ROLE, SESSION, MALLORY, OTHER, "*");
  const part = fc.record({
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: fc.constantFrom("kms:*", "kms:Decrypt", "kms:Sign"),
    Resource: fc.constantFrom("*", KEY, "arn:aws:kms:*:*:alias/*"),
  });
  const forKey = fc.array(
    fc.tuple(part, arns).map(([base, AWS]) => ({ ...base, Principal: { AWS } })),
    { minLength: 1, maxLength: 6 },
  );
  const forIdentity = fc.array(part, { minLength: 1, maxLength: 4 });
  const callers = fc.constantFrom(ROOT, ALICE, SESSION, MALLORY).map(caller);

  test("another Deny never allows, an Allow less never allows, and order does not matter", () => {
    fc.assert(
      fc.property(callers, forKey, forIdentity, fc.boolean(), fc.nat(), (who, key, identity, granted, at) => {
        const outcome = (keys: object[], identities: object[]) =>
          decision(who, {
            identity: [identityPolicy(...identities)],
            key: keyPolicy(...keys),
            granted,
            crossAccount: true,
          }).allowed;
        const allowed = outcome(key, identity);
        expect(outcome([...key].reverse(), [...identity].reverse())).toBe(allowed);
        if (allowed) return;
        expect(outcome([...key, everyone({ Effect: "Deny" })], identity)).toBe(false);
        const place = at % key.length;
        if (key.length > 1 && key[place]?.Effect === "Allow")
          expect(
            outcome(
              key.filter((_, index) => index !== place),
              identity,
            ),
          ).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
