/** Explanations of permissions over a store: they say what the service does, and why. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CALLER, type Opened, open } from "../../test-support/open.ts";
import type { Caller, Identity } from "../index.ts";
import type { AccessQuestion } from "./access-question.ts";

const ROOT = CALLER.principal;
const ALICE = "arn:aws:iam::111122223333:user/alice";
const ROLE = "arn:aws:iam::111122223333:role/team/ops";
const STRANGER = "arn:aws:iam::444455556666:user/mallory";

const statement = (change: object = {}) => ({
  Effect: "Allow",
  Action: "kms:Decrypt",
  Resource: "*",
  ...change,
});
const document = (...statements: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const own = statement({ Sid: "Account", Principal: { AWS: ROOT }, Action: "kms:*" });
const mayDecrypt = document(statement());

async function opened(...statements: readonly object[]) {
  const all = await open();
  const { KeyMetadata } = await all.kms.createKey(
    statements.length === 0 ? {} : { Policy: document(own, ...statements) },
  );
  const key = KeyMetadata?.KeyId ?? "";
  const ask = (question: Partial<AccessQuestion>) =>
    all.service.explain({ as: ALICE, action: "kms:Decrypt", key, ...question }, CALLER);
  return { ...all, key, arn: KeyMetadata?.Arn ?? "", ask };
}

test("a denied user is told what the account's policies would have to allow", async () => {
  const { ask, arn } = await opened();
  const { allowed, permissions } = await ask({});
  expect(allowed).toBe(false);
  expect(permissions).toEqual([
    expect.objectContaining({
      action: "kms:Decrypt",
      resource: arn,
      caller: ALICE,
      reason: "IdentityPolicyDoesNotAllow",
      grants: [],
      changes: [
        {
          policy: "identity",
          options: [
            `an identity policy of ${ALICE} must allow kms:Decrypt on ${arn}`,
            `the key policy must allow kms:Decrypt to ${ALICE} itself`,
          ],
        },
      ],
    }),
  ]);
});

test("policies that are given count, by their names", async () => {
  const { ask } = await opened();
  const { allowed, permissions } = await ask({
    identity: { policies: [mayDecrypt] },
    policyNames: ["decrypt.json"],
  });
  expect(allowed).toBe(true);
  expect(permissions[0]?.statements.map(({ policyName, applies }) => [policyName, applies])).toEqual([
    ["key policy", true],
    ["identity policy decrypt.json", true],
  ]);
  const bounded = await ask({
    identity: { policies: [mayDecrypt], boundary: document(statement({ Action: "s3:*" })) },
  });
  expect(bounded.permissions[0]?.reason).toBe("BoundaryDoesNotAllow");
});

test("what the directory has of a user or a role counts, unless other policies are given", async () => {
  const { ask, service } = await opened();
  const iam = (await service.directory()).account("111122223333");
  await iam.createUser({ UserName: "alice", Tags: [{ Key: "team", Value: "shop" }] });
  const Condition = { StringEquals: { "aws:PrincipalTag/team": "shop" } };
  await iam.putPolicy({
    UserName: "alice",
    PolicyName: "decrypt",
    PolicyDocument: document(statement({ Condition })),
  });
  const { allowed, permissions } = await ask({});
  expect(allowed).toBe(true);
  expect(permissions[0]?.statements[1]).toMatchObject({
    policyName: "identity policy decrypt",
    applies: true,
  });
  expect((await ask({ identity: {} })).allowed).toBe(false);

  const AssumeRolePolicyDocument = document({
    Effect: "Allow",
    Principal: { AWS: ROOT },
    Action: "sts:AssumeRole",
  });
  await iam.createRole({ RoleName: "ops", Path: "/team/", AssumeRolePolicyDocument });
  await iam.putPolicy({ RoleName: "ops", PolicyName: "decrypt", PolicyDocument: mayDecrypt });
  expect((await ask({ as: ROLE })).allowed).toBe(true);
  expect((await ask({ as: "arn:aws:sts::111122223333:assumed-role/ops/one" })).allowed).toBe(true);
  expect((await ask({ as: "arn:aws:iam::111122223333:role/ops" })).allowed).toBe(false);
});

test("the encryption context and other parameters are what conditions see", async () => {
  const Condition = { StringEquals: { "kms:EncryptionContext:purpose": "orders" } };
  const { ask, kms } = await opened(statement({ Principal: { AWS: ALICE }, Condition }));
  expect((await ask({ context: { purpose: "orders" } })).allowed).toBe(true);
  const { permissions } = await ask({ context: { purpose: "mail" } });
  expect(permissions[0]?.statements[1]?.missed).toEqual([
    {
      element: "Condition",
      operator: "StringEquals",
      key: "kms:EncryptionContext:purpose",
      wanted: ["orders"],
      found: ["mail"],
    },
  ]);
  const signing = document(
    own,
    statement({
      Principal: { AWS: ALICE },
      Action: "kms:Sign",
      Condition: { StringEquals: { "kms:SigningAlgorithm": "ECDSA_SHA_256" } },
    }),
  );
  const { KeyMetadata } = await kms.createKey({
    KeySpec: "ECC_NIST_P256",
    KeyUsage: "SIGN_VERIFY",
    Policy: signing,
  });
  const sign = { action: "kms:Sign", key: KeyMetadata?.KeyId ?? "" };
  expect((await ask({ ...sign, request: { SigningAlgorithm: "ECDSA_SHA_256" } })).allowed).toBe(true);
  expect((await ask(sign)).allowed).toBe(false);
});

test("an alias names the key, and conditions on aliases see it", async () => {
  const condition = (key: string) => ({ "ForAnyValue:StringEquals": { [key]: "alias/app" } });
  const { ask, kms, key } = await opened(
    statement({ Principal: { AWS: ALICE }, Condition: condition("kms:RequestAlias") }),
    statement({
      Principal: { AWS: ALICE },
      Action: "kms:Encrypt",
      Condition: condition("kms:ResourceAliases"),
    }),
  );
  await kms.createAlias({ AliasName: "alias/app", TargetKeyId: key });
  expect((await ask({ key: "alias/app" })).allowed).toBe(true);
  expect((await ask({})).allowed).toBe(false);
  expect((await ask({ action: "kms:Encrypt" })).allowed).toBe(true);
});

test("a role is asked for as its session is", async () => {
  const { ask } = await opened(statement({ Principal: { AWS: ROLE } }));
  const { allowed, permissions } = await ask({ as: ROLE });
  expect(allowed).toBe(true);
  expect(permissions[0]?.caller).toBe("arn:aws:sts::111122223333:assumed-role/ops/explain");
  expect(permissions[0]?.statements[1]?.reach).toBe("role");
});

test("services, accounts and callers through services", async () => {
  const via = { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } };
  const { ask } = await opened(
    statement({ Principal: { Service: "logs.amazonaws.com" } }),
    statement({ Principal: { AWS: ALICE }, Condition: via }),
  );
  expect((await ask({ as: "logs.amazonaws.com" })).allowed).toBe(true);
  expect((await ask({ as: "s3.amazonaws.com" })).allowed).toBe(false);
  expect((await ask({ as: "111122223333" })).permissions[0]).toMatchObject({ allowed: true, caller: ROOT });
  expect((await ask({ viaService: "s3.us-east-1.amazonaws.com" })).allowed).toBe(true);
  expect((await ask({})).allowed).toBe(false);
});

test("another account needs both sides, and some actions never cross", async () => {
  const { ask, arn } = await opened(statement({ Principal: { AWS: STRANGER }, Action: "kms:*" }));
  const asked = { as: STRANGER, key: arn };
  expect((await ask(asked)).permissions[0]?.reason).toBe("IdentityPolicyDoesNotAllow");
  expect((await ask({ ...asked, identity: { policies: [mayDecrypt] } })).allowed).toBe(true);
  expect((await ask({ ...asked, action: "kms:DisableKey" })).permissions[0]?.reason).toBe(
    "NotAcrossAccounts",
  );
});

test("grants to the caller are told, with why they do not allow it", async () => {
  const { ask, kms, key } = await opened();
  await kms.createGrant({
    KeyId: key,
    GranteePrincipal: ALICE,
    Operations: ["Decrypt"],
    Constraints: { EncryptionContextSubset: { tenant: "a" } },
  });
  await kms.createGrant({ KeyId: key, GranteePrincipal: ALICE, Operations: ["Encrypt"], Name: "write" });
  await kms.createGrant({ KeyId: key, GranteePrincipal: ROLE, Operations: ["Decrypt"] });
  const denied = (await ask({})).permissions[0];
  expect(denied?.allowed).toBe(false);
  expect(denied?.grants.map(({ grantee, allows, missed }) => ({ grantee, allows, missed }))).toEqual(
    expect.arrayContaining([
      {
        grantee: ALICE,
        allows: false,
        missed: 'its constraints are not met: {"encryptionContextSubset":{"tenant":"a"}}',
      },
      { grantee: ALICE, allows: false, missed: "it does not have the operation Decrypt" },
    ]),
  );
  expect(denied?.grants).toHaveLength(2);
  const allowed = (await ask({ context: { tenant: "a" } })).permissions[0];
  expect(allowed).toMatchObject({ allowed: true, reason: "Grant" });
  expect(allowed?.grants.filter(({ allows }) => allows)).toHaveLength(1);
});

test("what is about no key is decided by the account, and what is about an alias by both", async () => {
  const { ask, kms, key } = await opened();
  expect((await ask({ action: "kms:ListKeys" })).permissions).toMatchObject([
    { allowed: false, reason: "IdentityPolicyDoesNotAllow" },
  ]);
  const all = { identity: { policies: [document(statement({ Action: "kms:*" }))] } };
  expect((await ask({ action: "kms:ListKeys", ...all })).allowed).toBe(true);
  await kms.createAlias({ AliasName: "alias/app", TargetKeyId: key });
  const { allowed, permissions } = await ask({ action: "kms:DeleteAlias", key: "alias/app", ...all });
  expect(allowed).toBe(true);
  expect(permissions.map(({ resource }) => resource?.split(":")[5])).toEqual(["alias/app", `key/${key}`]);
  expect((await ask({ action: "kms:CreateAlias", alias: "alias/b" })).permissions).toHaveLength(2);
});

test.each<[string, Partial<AccessQuestion>, string, RegExp]>([
  ["an action of another service", { action: "s3:GetObject" }, "ValidationException", /no action of AWS KMS/],
  ["an action that does not exist", { action: "kms:Explode" }, "ValidationException", /no action of AWS KMS/],
  ["both halves of ReEncrypt", { action: "kms:ReEncrypt" }, "ValidationException", /two permissions/],
  ["RetireGrant", { action: "kms:RetireGrant" }, "ValidationException", /in the grant itself/],
  ["an alias that is not said", { action: "kms:CreateAlias" }, "ValidationException", /an alias too/],
  ["nobody", { as: "alice" }, "ValidationException", /no ARN of a user/],
  ["a key that is not there", { key: "alias/none" }, "NotFoundException", /alias\/none/],
  [
    "a policy that is none",
    { identity: { policies: ["{}"] } },
    "MalformedPolicyDocumentException",
    /Statement/,
  ],
])("%s is no question", async (_, question, name, message) => {
  const { ask } = await opened();
  await expect(ask(question)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
});

test("an action on a key needs one", async () => {
  const { service } = await opened();
  await expect(service.explain({ as: ALICE, action: "kms:Decrypt" }, CALLER)).rejects.toThrow(/say which/);
});

describe("what is explained is what the service does", () => {
  const conditions = fc.constantFrom<object>(
    {},
    { Condition: { StringEquals: { "kms:EncryptionContext:a": "b" } } },
    { Condition: { StringNotEquals: { "kms:CallerAccount": "111122223333" } } },
    { Condition: { StringLike: { "aws:PrincipalArn": "*alice" } } },
  );
  const common = {
    Effect: fc.constantFrom("Allow", "Allow", "Deny"),
    Action: fc.constantFrom("kms:Encrypt", "kms:*", "kms:DescribeKey", ["kms:E*", "kms:Dis*"]),
  };
  const identityStatement = fc
    .tuple(fc.record(common), conditions)
    .map(([base, condition]) => statement({ ...base, ...condition }));
  const keyStatement = fc
    .tuple(
      fc.record({
        ...common,
        Principal: fc.constantFrom<unknown>("*", ...[ROOT, ALICE, ROLE, STRANGER].map((AWS) => ({ AWS }))),
      }),
      conditions,
    )
    .map(([base, condition]) => statement({ ...base, ...condition }));
  const policies = (one: fc.Arbitrary<object>) => fc.array(one, { minLength: 1, maxLength: 3 });
  const identities: fc.Arbitrary<Identity> = fc.record(
    {
      policies: fc.array(
        policies(identityStatement).map((list) => document(...list)),
        { maxLength: 2 },
      ),
      boundary: policies(identityStatement).map((list) => document(...list)),
    },
    { requiredKeys: ["policies"] },
  );

  test("for users, sessions and strangers, with and without grants", async () => {
    const all = await open();
    await fc.assert(
      fc.asyncProperty(
        policies(keyStatement),
        identities,
        fc.constantFrom(ALICE, ROLE, STRANGER),
        fc.constantFrom("Encrypt", "DescribeKey", "DisableKey"),
        fc.boolean(),
        fc.constantFrom<Record<string, string> | undefined>(undefined, { a: "b" }),
        async (statements, identity, as, action, withGrant, context) => {
          const { KeyMetadata } = await all.kms.createKey({
            Policy: document(...statements),
            BypassPolicyLockoutSafetyCheck: true,
          });
          const key = KeyMetadata?.Arn ?? "";
          if (withGrant) await grantTo(all, key, as);
          const { allowed } = await all.service.explain(
            { as, action: `kms:${action}`, key, identity, ...(context === undefined ? {} : { context }) },
            CALLER,
          );
          const input = {
            KeyId: key,
            ...(action === "Encrypt" ? { Plaintext: new Uint8Array(1), EncryptionContext: context } : {}),
          };
          expect(await isAllowed(all, action, input, callerFor(as, identity))).toBe(allowed);
        },
      ),
      { numRuns: 150 },
    );
  });

  /** The key policy may forbid it, to the root user too. */
  async function grantTo({ kms }: Opened, KeyId: string, GranteePrincipal: string) {
    await kms
      .createGrant({ KeyId, GranteePrincipal, Operations: ["Encrypt", "DescribeKey"] })
      .catch((error: Error) => expect(error.name).toBe("AccessDeniedException"));
  }

  async function isAllowed({ service }: Opened, action: string, input: object, caller: Caller) {
    try {
      await service.call(action, input, caller);
      return true;
    } catch (error) {
      expect(error).toHaveProperty("name", "AccessDeniedException");
      return false;
    }
  }

  function callerFor(as: string, identity: Identity): Caller {
    const accountId = as.split(":")[4] ?? "";
    if (as !== ROLE) return { accountId, region: CALLER.region, principal: as, identity };
    const principal = `arn:aws:sts::${accountId}:assumed-role/ops/one`;
    return { accountId, region: CALLER.region, principal, identity: { ...identity, roleArn: as } };
  }
});
