/** Explanations: what is said of each kind of decision, and laws that hold for all of them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Caller, callerOfArn } from "../caller.ts";
import { decide, type Policies } from "../decide.ts";
import { parsePolicy } from "../parse.ts";
import { type Explanation, explain } from "./explain.ts";
import { explanationText } from "./explanation-text.ts";

const OWNER = "111122223333";
const OTHER = "444455556666";
const ROOT = `arn:aws:iam::${OWNER}:root`;
const ALICE = `arn:aws:iam::${OWNER}:user/alice`;
const ROLE = `arn:aws:iam::${OWNER}:role/ops`;
const SESSION = `arn:aws:sts::${OWNER}:assumed-role/ops/one`;
const MALLORY = `arn:aws:iam::${OTHER}:user/mallory`;
const KEY = `arn:aws:kms:us-east-1:${OWNER}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

const callerOf = (arn: string): Caller => callerOfArn(arn) ?? { type: "Anonymous" };
const statement = (changes: object = {}) => ({
  Effect: "Allow",
  Action: "kms:Decrypt",
  Resource: "*",
  ...changes,
});
const to = (AWS: string, changes: object = {}) => statement({ Principal: { AWS }, ...changes });
const documentOf = (statements: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const key = (...statements: object[]) => ({
  accountId: OWNER,
  policy: parsePolicy(documentOf(statements), "resource"),
});
const identity = (...statements: object[]) => parsePolicy(documentOf(statements), "identity");
const requestOf = (caller: Caller, context: Record<string, string[]> = {}) => ({
  caller,
  action: "kms:Decrypt",
  resource: KEY,
  context: new Map(Object.entries(context)),
});
const explained = (
  arn: string,
  policies: Policies,
  context?: Record<string, string[]>,
  grantable = false,
): Explanation => explain(requestOf(callerOf(arn), context), policies, { grantable });
const optionsOf = ({ changes }: Explanation) => changes.map(({ options }) => options);

describe("what would have to change", () => {
  test("where nothing allows: the key policy, directly or through the account, or a grant", () => {
    const policies = { key: key(to(MALLORY)), identity: [] };
    expect(optionsOf(explained(ALICE, policies, {}, true))).toEqual([
      [
        `the key policy must allow kms:Decrypt to ${ALICE}`,
        `the key policy must allow kms:Decrypt to ${ROOT}, which leaves it to the caller's own policies; they must allow it then`,
        `a grant on the key must allow Decrypt to ${ALICE}`,
      ],
    ]);
  });

  test("an identity policy that waits for the account to be named is told of", () => {
    const policies = { key: key(to(MALLORY)), identity: [identity(statement())] };
    expect(explained(ALICE, policies).changes[0]?.options[1]).toMatch(/they allow it already$/);
  });

  test("a session is named by its role", () => {
    expect(explained(SESSION, { key: key(to(ALICE)), identity: [] }).changes[0]?.options[0]).toBe(
      `the key policy must allow kms:Decrypt to ${ROLE}`,
    );
  });

  test("where the account is named: an identity policy, or the key policy after all", () => {
    expect(optionsOf(explained(ALICE, { key: key(to(ROOT)), identity: [] }))).toEqual([
      [
        `an identity policy of ${ALICE} must allow kms:Decrypt on ${KEY}`,
        `the key policy must allow kms:Decrypt to ${ALICE} itself`,
      ],
    ]);
  });

  test("from another account both sides, one after the other", () => {
    const policies = { key: key(to(ROOT)), identity: [], crossAccount: true };
    const { changes } = explained(MALLORY, policies);
    expect(changes.map(({ policy }) => policy)).toEqual(["key", "identity"]);
    expect(changes[1]?.options).toEqual([
      `an identity policy of ${MALLORY} must allow kms:Decrypt on ${KEY}`,
    ]);
  });

  test("an action that stays within the account: another caller", () => {
    expect(explained(MALLORY, { key: key(to(MALLORY)), identity: [] })).toMatchObject({
      reason: "NotAcrossAccounts",
      changes: [{ policy: "caller", options: [`call it as a principal of ${OWNER}, which owns the key`] }],
    });
  });

  test("every Deny has to go, and what nothing allows besides has to be allowed", () => {
    const deny = to(ALICE, { Sid: "NotAlice", Effect: "Deny" });
    const insecure = {
      ...statement({ Effect: "Deny" }),
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    const policies = { key: key(deny), identity: [identity(insecure)] };
    const { changes } = explained(ALICE, policies, { "aws:securetransport": ["false"] });
    expect(changes.map(({ policy }) => policy)).toEqual(["key", "identity", "key"]);
    expect(changes[0]?.options).toEqual([
      "remove the Deny in Statement[0] (NotAlice) of the key policy, or except this request from it",
    ]);
    expect(changes[1]?.options[1]).toBe(
      'make a request that Bool aws:SecureTransport ("false") of Statement[0] of the identity policy does not meet; ' +
        'this one has "false"',
    );
  });

  test("boundary and session policy, each", () => {
    const silent = identity(statement({ Action: "s3:*" }));
    const policies = { key: key(to(ROLE)), identity: [], boundary: silent, session: [silent] };
    expect(optionsOf(explained(SESSION, policies))).toEqual([
      [`the permissions boundary must allow kms:Decrypt on ${KEY} too`],
      [`the session policy must allow kms:Decrypt on ${KEY} too`],
    ]);
  });

  test("a condition that the request could meet comes first, with what was wanted and what was there", () => {
    const Condition = { StringEquals: { "kms:EncryptionContext:Purpose": ["orders", "bills"] } };
    const policies = { key: key(to(ALICE, { Sid: "App", Condition })), identity: [] };
    const context = { "kms:encryptioncontext:purpose": ["mail"] };
    expect(explained(ALICE, policies, context).changes[0]?.options[0]).toBe(
      "make a request that meets Statement[0] (App) of the key policy: " +
        'StringEquals kms:EncryptionContext:Purpose is "orders" or "bills"; the request has "mail"',
    );
  });

  test("services and those who did not sign", () => {
    const policies = { key: key(to(ALICE)), identity: [] };
    const service: Caller = { type: "Service", service: "s3.amazonaws.com" };
    expect(optionsOf(explain(requestOf(service), policies))).toEqual([
      ["the key policy must allow kms:Decrypt to the service s3.amazonaws.com"],
    ]);
    expect(optionsOf(explained("nobody", policies))).toEqual([
      ['the key policy must allow kms:Decrypt to "*"'],
    ]);
    expect(optionsOf(explained("nobody", { identity: [] }))).toEqual([
      ["call it as a principal of an account: kms:Decrypt is allowed by identity policies alone"],
    ]);
  });
});

describe("a statement", () => {
  const missed = (changes: object, context?: Record<string, string[]>) =>
    explained(ALICE, { key: key(to(ALICE, changes)), identity: [] }, context).statements[0]?.missed;

  test("tells every element that does not fit, with what there was", () => {
    const Condition = { Bool: { "aws:SecureTransport": "true" }, Null: { "aws:UserId": "false" } };
    const none = {
      Principal: { AWS: MALLORY },
      Action: "kms:Sign",
      Resource: "arn:aws:kms:*:*:key/0",
      Condition,
    };
    expect(missed(none, { "aws:securetransport": ["false"] })).toEqual([
      { element: "Principal", wanted: [MALLORY], found: [ALICE] },
      { element: "Action", wanted: ["kms:sign"], found: ["kms:Decrypt"] },
      { element: "Resource", wanted: ["arn:aws:kms:*:*:key/0"], found: [KEY] },
      {
        element: "Condition",
        operator: "Bool",
        key: "aws:SecureTransport",
        wanted: ["true"],
        found: ["false"],
      },
      { element: "Condition", operator: "Null", key: "aws:UserId", wanted: ["false"], found: [] },
    ]);
  });

  test("tells opposites by their names, and what is not there at all", () => {
    expect(missed({ Principal: undefined, NotPrincipal: { AWS: ALICE } })?.[0]?.element).toBe("NotPrincipal");
    expect(missed({ Action: undefined, NotAction: "kms:*" })?.[0]?.element).toBe("NotAction");
    expect(missed({ Resource: undefined })).toEqual([{ element: "Resource", wanted: [], found: [KEY] }]);
  });

  test("tells which variables have no value", () => {
    const Condition = { StringEquals: { "aws:PrincipalTag/team": "${aws:RequestTag/team}" } };
    expect(missed({ Condition }, { "aws:principaltag/team": ["a"] })?.[0]?.unresolved).toEqual([
      "aws:requesttag/team",
    ]);
    expect(missed({ Resource: "arn:aws:kms:*:*:key/${aws:username}" })?.[0]?.unresolved).toEqual([
      "aws:username",
    ]);
  });
});

test("the text names the decision, the statements that mattered and the changes", () => {
  const Condition = { StringEquals: { "kms:EncryptionContext:purpose": "orders" } };
  const policies = {
    key: key(to(ALICE, { Sid: "App", Condition }), to(MALLORY, { Action: "kms:Sign" })),
    identity: [identity(statement())],
  };
  const request = requestOf(callerOf(ALICE), { "kms:encryptioncontext:purpose": ["bills"] });
  expect(explanationText(explain(request, policies, { identity: ["decrypt.json"] }))).toBe(
    `DENIED: kms:Decrypt on ${KEY}
for ${ALICE}
Nothing in the key policy allows it to the caller, and nothing there leaves it to the caller's account.

Statements that mattered:
  key policy, Statement[0] "App" (Allow): does not apply
    StringEquals kms:EncryptionContext:purpose is "orders"; the request has "bills"
  identity policy decrypt.json, Statement[0] (Allow): applies
  (1 more: for others, or about something else)

To allow it:
  1. make a request that meets Statement[0] (App) of the key policy: StringEquals kms:EncryptionContext:purpose is "orders"; the request has "bills"
     or the key policy must allow kms:Decrypt to ${ALICE}
     or the key policy must allow kms:Decrypt to ${ROOT}, which leaves it to the caller's own policies; they allow it already`,
  );
});

describe("for all policies and callers", () => {
  const effect = fc.constantFrom("Allow", "Deny");
  const common = {
    Effect: effect,
    Action: fc.constantFrom("kms:Decrypt", "kms:*", "kms:Sign"),
    Resource: fc.constantFrom("*", KEY, "arn:aws:kms:*:*:key/${aws:username}"),
    Condition: fc.constantFrom<object>(
      {},
      { Bool: { "aws:SecureTransport": "true" } },
      { StringNotEquals: { "aws:PrincipalTag/a": "${aws:RequestTag/a}" } },
    ),
  };
  const principals = fc.constantFrom<object>(
    { Principal: "*" },
    ...[ROOT, ALICE, ROLE, SESSION, MALLORY].map((AWS) => ({ Principal: { AWS } })),
    { NotPrincipal: { AWS: [ROOT, ALICE] } },
  );
  const resourceStatement = fc
    .tuple(fc.record(common), principals)
    .map(([rest, principal]) => ({ ...rest, ...principal }));
  const identityPolicy = fc
    .array(fc.record(common), { minLength: 1, maxLength: 3 })
    .map((statements) => identity(...statements));
  const policies: fc.Arbitrary<Policies> = fc.record(
    {
      key: fc
        .array(resourceStatement, { minLength: 1, maxLength: 4 })
        .map((statements) => key(...statements)),
      identity: fc.array(identityPolicy, { maxLength: 2 }),
      boundary: identityPolicy,
      session: fc.array(identityPolicy, { minLength: 1, maxLength: 2 }),
      granted: fc.boolean(),
      crossAccount: fc.boolean(),
    },
    { requiredKeys: ["identity"] },
  );
  const callers = fc.constantFrom(...[ROOT, ALICE, SESSION, MALLORY, "nobody"].map(callerOf), {
    type: "Service",
    service: "s3.amazonaws.com",
  } as const);
  const contexts = fc.constantFrom<Record<string, string[]>>(
    {},
    { "aws:securetransport": ["true"], "aws:username": ["alice"] },
    { "aws:principaltag/a": ["x"], "aws:securetransport": ["false"] },
  );

  test("it says what the decision says, of each statement too, and how to be allowed where it is denied", () => {
    fc.assert(
      fc.property(callers, policies, contexts, (caller, given, context) => {
        const request = requestOf(caller, context);
        const decision = decide(request, given);
        const explanation = explain(request, given, {}, decision);
        expect(explanation).toMatchObject({ allowed: decision.allowed, reason: decision.reason });
        const outcomes = decision.outcomes.flatMap(({ statements }) => statements);
        expect(explanation.statements.map(({ applies }) => applies)).toEqual(
          outcomes.map(({ reach }) => reach !== undefined),
        );
        expect(explanation.changes.length === 0).toBe(decision.allowed);
        expect(explanationText(explanation).startsWith(decision.allowed ? "ALLOWED" : "DENIED")).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
