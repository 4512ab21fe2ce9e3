/** Key policies: what is taken, what is refused and where, and who may not lock itself out. */
import { describe, expect, test } from "vitest";
import { CALLER, open } from "../../test-support/open.ts";
import { kmsMethods } from "../index.ts";

const ROOT = "arn:aws:iam::111122223333:root";
const ALICE = "arn:aws:iam::111122223333:user/alice";

const statement = (change: object = {}) => ({
  Effect: "Allow",
  Principal: { AWS: ROOT },
  Action: "kms:*",
  Resource: "*",
  ...change,
});
const document = (...statements: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

describe("a key policy", () => {
  test("is the default one until another is put, which is told as it was given", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    const first = await kms.getKeyPolicy({ KeyId });
    expect(first.PolicyName).toBe("default");
    expect(JSON.parse(first.Policy ?? "")).toEqual({
      Version: "2012-10-17",
      Id: "key-default-1",
      Statement: [statement({ Sid: "Enable IAM User Permissions" })],
    });
    const Policy = document(
      statement(),
      statement({ Principal: { AWS: [ALICE], Service: "s3.amazonaws.com" } }),
    );
    await kms.putKeyPolicy({ KeyId, Policy });
    expect((await kms.getKeyPolicy({ KeyId, PolicyName: "default" })).Policy).toBe(Policy);
    const created = (await kms.createKey({ Policy })).KeyMetadata?.KeyId;
    expect((await kms.getKeyPolicy({ KeyId: created })).Policy).toBe(Policy);
  });

  test("has one name", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    expect(await kms.listKeyPolicies({ KeyId })).toMatchObject({
      PolicyNames: ["default"],
      Truncated: false,
    });
    for (const call of [
      kms.getKeyPolicy({ KeyId, PolicyName: "other" }),
      kms.putKeyPolicy({ KeyId, PolicyName: "other", Policy: document(statement()) }),
    ]) {
      await expect(call).rejects.toMatchObject({ name: "NotFoundException" });
    }
    await expect(kms.listKeyPolicies({ KeyId, Marker: "x" })).rejects.toMatchObject({
      name: "InvalidMarkerException",
    });
  });

  const malformed: readonly (readonly [string, RegExp])[] = [
    ["{", /not valid JSON/],
    ["[]", /^Syntax error in policy: The policy must be an object$/],
    ["{}", /Statement is missing/],
    [JSON.stringify({ Statement: [] }), /Statement must not be empty/],
    [JSON.stringify({ Version: "2020-01-01", Statement: statement() }), /Version must be 2012-10-17/],
    [JSON.stringify({ Statement: statement(), Extra: 1 }), /unknown element Extra/],
    [JSON.stringify({ Id: 1, Statement: statement() }), /Id must be a string/],
    [document(statement(), statement({ Effect: "Maybe" })), /Statement\[1\]\.Effect must be Allow or Deny/],
    [document(statement({ Sid: 1 })), /Statement\[0\]\.Sid must be a string/],
    [document(statement({ Principals: "*" })), /Statement\[0\] has the unknown element Principals/],
    [document(statement({ Principal: undefined })), /no principal\. \(Statement\[0\]\)/],
    [document(statement({ Principal: {} })), /invalid principals\. \(Statement\[0\]\.Principal\)/],
    [document(statement({ Principal: "alice" })), /Statement\[0\]\.Principal must be an object/],
    [document(statement({ Principal: { User: "a" } })), /unknown element User/],
    [
      document(statement({ Principal: { AWS: [ROOT, "arn:aws:iam::111122223333:group/g"] } })),
      /^Policy contains a statement with one or more invalid principals\. \(Statement\[0\]\.Principal\.AWS\[1\]\)$/,
    ],
    [document(statement({ NotAction: "kms:Encrypt" })), /has both Action and NotAction/],
    [document(statement({ Action: ["kms:*", 1] })), /Statement\[0\]\.Action\[1\] must be a string/],
    [document(statement({ Resource: {} })), /Statement\[0\]\.Resource must be a string/],
    [document(statement({ Condition: { Equals: {} } })), /Condition\.Equals is no condition operator/],
    [document(statement({ Condition: { StringEquals: { a: null } } })), /StringEquals\.a must be a string/],
    [
      document(statement({ Condition: { "ForAllValues:StringEquals": { "kms:EncryptionContext:a": "b" } } })),
      /^OverlyPermissiveCondition: .*encryption context\. To fix, remove ForAllValues\./,
    ],
    [
      document(statement({ Condition: { "ForAllValues:StringLike": { "aws:RequestTag/a": "b" } } })),
      /^OverlyPermissiveCondition: .*tag\. To fix/,
    ],
  ];

  test.each(malformed)("%j is malformed, and the refusal says where", async (Policy, message) => {
    const { kms, key, contents } = await open();
    const KeyId = await key();
    const before = await contents();
    const refusal = { name: "MalformedPolicyDocumentException", message: expect.stringMatching(message) };
    await expect(kms.putKeyPolicy({ KeyId, Policy })).rejects.toMatchObject(refusal);
    await expect(kms.createKey({ Policy })).rejects.toMatchObject(refusal);
    expect(await contents()).toEqual(before);
  });

  test("is of 32,768 bytes at most", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    const base = document(statement());
    const padded = (bytes: number) => base + " ".repeat(bytes - base.length);
    await kms.putKeyPolicy({ KeyId, Policy: padded(32_768) });
    await expect(kms.putKeyPolicy({ KeyId, Policy: padded(32_769) })).rejects.toMatchObject({
      name: "LimitExceededException",
    });
    await expect(kms.putKeyPolicy({ KeyId, Policy: "\u{1f511}" })).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  test("without Action or Resource is taken, beside one that keeps the door open", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    const Policy = document(
      statement(),
      statement({ Action: undefined }),
      statement({ Resource: undefined }),
    );
    await kms.putKeyPolicy({ KeyId, Policy });
    expect((await kms.getKeyPolicy({ KeyId })).Policy).toBe(Policy);
  });
});

describe("principals of accounts that the directory holds", () => {
  const ROLE = "arn:aws:iam::111122223333:role/team/ops";
  const TRUST = JSON.stringify({
    Statement: { Effect: "Allow", Principal: { AWS: ROOT }, Action: "sts:AssumeRole" },
  });
  const trusting = (AWS: string) => document(statement(), statement({ Principal: { AWS } }));

  async function withDirectory() {
    const opened = await open();
    const iam = (await opened.service.directory()).account("111122223333");
    await iam.createUser({ UserName: "alice" });
    await iam.createRole({ RoleName: "ops", Path: "/team/", AssumeRolePolicyDocument: TRUST });
    return { ...opened, KeyId: await opened.key() };
  }

  test.each([
    ["a user", ALICE],
    ["a role with its path", ROLE],
    ["a session of a role", "arn:aws:sts::111122223333:assumed-role/ops/one"],
    ["the account", ROOT],
    ["a user of an account that the directory does not hold", "arn:aws:iam::444455556666:user/anybody"],
  ])("%s may be named", async (_, principal) => {
    const { kms, KeyId } = await withDirectory();
    await kms.putKeyPolicy({ KeyId, Policy: trusting(principal) });
  });

  test.each([
    ["a user who is not there", "arn:aws:iam::111122223333:user/bob"],
    ["a user of another path", "arn:aws:iam::111122223333:user/team/alice"],
    ["a user in other letters", "arn:aws:iam::111122223333:user/Alice"],
    ["a role without its path", "arn:aws:iam::111122223333:role/ops"],
    ["a session of no role", "arn:aws:sts::111122223333:assumed-role/alice/one"],
  ])("%s may not, whatever is bypassed", async (_, principal) => {
    const { kms, KeyId, contents } = await withDirectory();
    const before = await contents();
    const refusal = {
      name: "MalformedPolicyDocumentException",
      message: `Policy contains a statement with one or more invalid principals. (Statement[1].Principal: ${principal})`,
    };
    const Policy = trusting(principal);
    const BypassPolicyLockoutSafetyCheck = true;
    await expect(kms.putKeyPolicy({ KeyId, Policy, BypassPolicyLockoutSafetyCheck })).rejects.toMatchObject(
      refusal,
    );
    await expect(kms.createKey({ Policy })).rejects.toMatchObject(refusal);
    expect(await contents()).toEqual(before);
  });
});

describe("the lockout safety check", () => {
  const SESSION = "arn:aws:sts::111122223333:assumed-role/ops/session-1";
  const cases: readonly (readonly [string, string, readonly object[], boolean])[] = [
    ["root, for whom the account stands", ROOT, [statement()], true],
    ["a user, for whom the account's policies decide", ALICE, [statement()], true],
    ["a user who is named", ALICE, [statement({ Principal: { AWS: ALICE } })], true],
    ["a user who is not", ALICE, [statement({ Principal: { AWS: `${ALICE}2` } })], false],
    ["everybody", ALICE, [statement({ Principal: "*" })], true],
    ["an account id", ALICE, [statement({ Principal: { AWS: "111122223333" } })], true],
    ["another account", ALICE, [statement({ Principal: { AWS: "444455556666" } })], false],
    [
      "a session of the role",
      SESSION,
      [statement({ Principal: { AWS: "arn:aws:iam::111122223333:role/x/ops" } })],
      true,
    ],
    [
      "a session of another role",
      SESSION,
      [statement({ Principal: { AWS: "arn:aws:iam::111122223333:role/o" } })],
      false,
    ],
    ["a pattern of actions", ALICE, [statement({ Action: ["kms:Get*", "KMS:put?eyPolicy"] })], true],
    ["a pattern of many stars", ALICE, [statement({ Action: `kms:${"P*".repeat(5000)}Z` })], false],
    ["other actions", ALICE, [statement({ Action: ["kms:Get*", "kms:Encrypt"] })], false],
    ["all actions but one", ALICE, [statement({ Action: undefined, NotAction: "kms:Decrypt" })], true],
    ["a service only", ALICE, [statement({ Principal: { Service: "s3.amazonaws.com" } })], false],
    ["a statement that does nothing", ALICE, [statement({ Resource: undefined })], false],
    [
      "any key of the account",
      ALICE,
      [statement({ Resource: "arn:aws:kms:us-east-1:111122223333:key/*" })],
      true,
    ],
    ["any key of another Region", ALICE, [statement({ Resource: "arn:aws:kms:eu-west-1:*:key/*" })], false],
    [
      "an allowance with an exception",
      ALICE,
      [statement(), statement({ Effect: "Deny", Principal: "*" })],
      false,
    ],
    [
      "an exception for others",
      ALICE,
      [
        statement(),
        statement({ Effect: "Deny", Principal: { AWS: `${ALICE}2` }, Action: "kms:PutKeyPolicy" }),
      ],
      true,
    ],
    [
      "an exception for the whole account",
      ALICE,
      [statement(), statement({ Effect: "Deny", Principal: { AWS: ROOT }, Action: "kms:PutKeyPolicy" })],
      false,
    ],
    [
      "an exception on conditions",
      ALICE,
      [
        statement(),
        statement({ Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": false } } }),
      ],
      true,
    ],
  ];

  test.each(cases)("looks at %s", async (_, principal, statements, passes) => {
    const { service } = await open();
    const identity = {
      ...(principal === SESSION ? { roleArn: "arn:aws:iam::111122223333:role/x/ops" } : {}),
      policies: [JSON.stringify({ Statement: { Effect: "Allow", Action: "kms:*", Resource: "*" } })],
    };
    const kms = kmsMethods(service, { ...CALLER, principal, identity });
    const Policy = document(...statements);
    const KeyId = (await kms.createKey({})).KeyMetadata?.KeyId;
    const calls = [() => kms.createKey({ Policy }), () => kms.putKeyPolicy({ KeyId, Policy })];
    for (const call of calls) {
      if (passes) await call();
      else {
        await expect(call()).rejects.toMatchObject({
          name: "MalformedPolicyDocumentException",
          message: "The new key policy will not allow you to update the key policy in the future.",
        });
      }
    }
    await kms.putKeyPolicy({ KeyId, Policy, BypassPolicyLockoutSafetyCheck: true });
    await kms.createKey({ Policy, BypassPolicyLockoutSafetyCheck: true });
  });
});
