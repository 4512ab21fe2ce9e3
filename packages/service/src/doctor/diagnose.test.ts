/** The doctor: each known mistake is found where it is, and nothing where it is not. */
import { describe, expect, test } from "vitest";
import { CALLER, open } from "../../test-support/open.ts";
import { wrapped } from "../../test-support/wrapped.ts";
import { kmsMethods } from "../index.ts";
import type { CreateGrantRequest, CreateKeyRequest } from "../types.ts";
import type { Patient } from "./check.ts";
import { keyPolicyUnreadable } from "./checks/key-policy-unreadable.ts";
import type { CheckId } from "./finding.ts";

const DAY = 86_400_000;
const ROOT = "arn:aws:iam::111122223333:root";
const ALICE = "arn:aws:iam::111122223333:user/alice";
const ROLE = "arn:aws:iam::111122223333:role/ops/admin";
const STRANGER = "arn:aws:iam::444455556666:root";
const STRANGE_ROLE = "arn:aws:iam::444455556666:role/app";

const statement = (change: object = {}) => ({
  Effect: "Allow",
  Principal: { AWS: ROOT },
  Action: "kms:*",
  Resource: "*",
  ...change,
});
const document = (...statements: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** A key, and what one check finds about it. */
async function withKey(request: CreateKeyRequest = {}, options: Parameters<typeof open>[0] = {}) {
  const opened = await open(options);
  const { KeyMetadata } = await opened.kms.createKey({ BypassPolicyLockoutSafetyCheck: true, ...request });
  const arn = KeyMetadata?.Arn ?? "";
  const found = async (id: CheckId) =>
    (await opened.service.diagnose()).findings.filter((finding) => finding.id === id);
  return { ...opened, KeyId: KeyMetadata?.KeyId ?? "", arn, found };
}

test("a key that rotates, with the default key policy, is well; so is an empty store", async () => {
  const { kms, service, KeyId } = await withKey();
  await kms.enableKeyRotation({ KeyId });
  expect(await service.diagnose()).toEqual({ keys: 1, findings: [] });
  const { service: empty } = await open();
  expect(await empty.diagnose()).toEqual({ keys: 0, findings: [] });
});

test("a finding names check, severity and key, what it means and how to mend it", async () => {
  const { service, arn } = await withKey();
  expect((await service.diagnose()).findings).toEqual([
    {
      id: "no-rotation",
      severity: "warning",
      resource: arn,
      meaning: expect.stringContaining("Automatic rotation is off"),
      mend: expect.stringContaining("EnableKeyRotation"),
    },
  ]);
});

test("every account and Region of the store is looked at, and nothing is changed", async () => {
  const { kms, service, contents } = await open();
  const other = kmsMethods(service, {
    accountId: "444455556666",
    region: "eu-west-1",
    principal: STRANGER,
  });
  for (const each of [kms, other]) await each.createKey({});
  const before = await contents();
  const { keys, findings } = await service.diagnose();
  expect(keys).toBe(2);
  expect(findings.map(({ resource }) => resource.split(":").slice(3, 5))).toEqual([
    ["us-east-1", "111122223333"],
    ["eu-west-1", "444455556666"],
  ]);
  expect(await contents()).toEqual(before);
});

describe("a key policy", () => {
  const cases: readonly (readonly [CheckId, string, readonly object[], string | undefined])[] = [
    ["key-policy-without-account", "the default", [statement()], undefined],
    [
      "key-policy-without-account",
      "a user alone",
      [statement({ Principal: { AWS: ALICE } })],
      "does not delegate to the account",
    ],
    [
      "key-policy-without-account",
      "a role alone",
      [statement({ Principal: { AWS: ROLE } })],
      "does not delegate to the account",
    ],
    [
      "key-policy-without-account",
      "an account that may only read",
      [statement({ Action: "kms:Describe*" }), statement({ Principal: { AWS: ALICE } })],
      "does not delegate to the account",
    ],
    ["key-policy-without-account", "nobody at all", [statement({ Principal: { AWS: STRANGER } })], undefined],
    ["key-policy-locks-out", "the default", [statement()], undefined],
    ["key-policy-locks-out", "a user alone", [statement({ Principal: { AWS: ALICE } })], undefined],
    ["key-policy-locks-out", "a role alone", [statement({ Principal: { AWS: ROLE } })], undefined],
    [
      "key-policy-locks-out",
      "another account",
      [statement({ Principal: { AWS: STRANGER } })],
      "kms:PutKeyPolicy",
    ],
    ["key-policy-locks-out", "no PutKeyPolicy", [statement({ Action: "kms:Encrypt" })], "kms:PutKeyPolicy"],
    [
      "key-policy-locks-out",
      "a Deny for all",
      [statement(), statement({ Effect: "Deny", Principal: "*", Action: "kms:PutKeyPolicy" })],
      "kms:PutKeyPolicy",
    ],
    [
      "key-policy-everyone",
      "everyone",
      [statement(), statement({ Sid: "Open", Principal: "*", Action: ["kms:Encrypt", "kms:Decrypt"] })],
      "Statement[1] (Open) of the key policy allows kms:encrypt, kms:decrypt to everyone",
    ],
    ["key-policy-everyone", "every AWS principal", [statement({ Principal: { AWS: "*" } })], "to everyone"],
    [
      "key-policy-everyone",
      "everyone but one",
      [statement({ Principal: undefined, NotPrincipal: { AWS: ALICE } })],
      "to everyone",
    ],
    [
      "key-policy-everyone",
      "everyone on a condition",
      [statement({ Principal: "*", Condition: { StringEquals: { "kms:CallerAccount": "111122223333" } } })],
      undefined,
    ],
    [
      "key-policy-everyone",
      "a Deny",
      [statement(), statement({ Effect: "Deny", Principal: "*" })],
      undefined,
    ],
    ["key-policy-everyone", "no action", [statement({ Principal: "*", Action: undefined })], undefined],
    [
      "key-policy-foreign-wildcard",
      "all actions to another account",
      [statement({ Principal: { AWS: [ROOT, STRANGER, STRANGE_ROLE] } })],
      `allows kms:* to another account: ${STRANGER}, ${STRANGE_ROLE}`,
    ],
    [
      "key-policy-foreign-wildcard",
      "all actions but one",
      [statement({ Principal: { AWS: STRANGER }, Action: undefined, NotAction: "kms:PutKeyPolicy" })],
      "allows all but kms:putkeypolicy",
    ],
    [
      "key-policy-foreign-wildcard",
      "named actions",
      [statement({ Principal: { AWS: STRANGER }, Action: "kms:Decrypt" })],
      undefined,
    ],
    ["key-policy-foreign-wildcard", "the own account", [statement()], undefined],
    [
      "key-policy-deleted-principal",
      "a unique id",
      [statement(), statement({ Principal: { AWS: "AROAEXAMPLEEXAMPLE12" } })],
      "AROAEXAMPLEEXAMPLE12",
    ],
    [
      "key-policy-inert-statement",
      "no Resource",
      [statement(), statement({ Effect: "Deny", Sid: "Off", Resource: undefined })],
      "Statement[1] (Off) of the key policy has no Resource, and so has no effect: what it would deny it does not.",
    ],
    [
      "key-policy-inert-statement",
      "no Action",
      [statement(), statement({ Action: undefined })],
      "has no Action",
    ],
    ["key-policy-inert-statement", "the default", [statement()], undefined],
    ["key-policy-deleted-principal", "an ARN", [statement({ Principal: { AWS: ALICE } })], undefined],
  ];

  test.each(cases)("%s: %s", async (id, _, statements, meaning) => {
    const { found, arn } = await withKey({ Policy: document(...statements) });
    const findings = await found(id);
    if (meaning === undefined) expect(findings).toEqual([]);
    else
      expect(findings).toEqual([
        expect.objectContaining({ resource: arn, meaning: expect.stringContaining(meaning) }),
      ]);
  });

  test("that can't be read is told of with the place", () => {
    const patient = { policyError: "Statement[0].Effect must be Allow or Deny" } as Patient;
    expect(keyPolicyUnreadable.look(patient)).toEqual([
      expect.objectContaining({ meaning: expect.stringContaining("Statement[0].Effect") }),
    ]);
  });

  test("that is nearly as large as it may be is told of", async () => {
    const padded = (bytes: number) => document(statement()).padEnd(bytes, " ");
    const small = await withKey({ Policy: padded(26_000) });
    expect(await small.found("quota-policy-size")).toEqual([]);
    const large = await withKey({ Policy: padded(26_300) });
    expect((await large.found("quota-policy-size"))[0]?.meaning).toBe(
      "Bytes of the key policy: 26300 of 32768.",
    );
  });
});

test("a principal that was deleted after it was named is told of", async () => {
  const { service, kms, KeyId, found } = await withKey();
  const iam = (await service.directory()).account("111122223333");
  await iam.createUser({ UserName: "alice" });
  await iam.createUser({ UserName: "bob" });
  await kms.putKeyPolicy({ KeyId, Policy: document(statement({ Principal: { AWS: [ROOT, ALICE] } })) });
  expect(await found("key-policy-deleted-principal")).toEqual([]);
  await iam.deleteUser({ UserName: "alice" });
  expect((await found("key-policy-deleted-principal"))[0]?.meaning).toBe(
    `Statement[0].Principal of the key policy names ${ALICE}, who is not in the directory.`,
  );
});

describe("grants", () => {
  const ALL = ["CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "RetireGrant"] as const;
  const REST = [
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
  ] as const;
  const cases: readonly (readonly [string, Omit<CreateGrantRequest, "KeyId">, string | undefined])[] = [
    ["some operations", { GranteePrincipal: ALICE, Operations: ["Decrypt"] }, undefined],
    [
      "every operation",
      { GranteePrincipal: ALICE, Operations: [...ALL, ...REST] },
      `gives ${ALICE} every operation`,
    ],
    ["CreateGrant at home", { GranteePrincipal: ALICE, Operations: ["Decrypt", "CreateGrant"] }, undefined],
    [
      "CreateGrant abroad",
      { GranteePrincipal: STRANGE_ROLE, Operations: ["Decrypt", "CreateGrant"] },
      "it may pass the grant on",
    ],
    [
      "CreateGrant abroad, constrained",
      {
        GranteePrincipal: STRANGE_ROLE,
        Operations: ["Decrypt", "CreateGrant"],
        Constraints: { EncryptionContextSubset: { a: "b" } },
      },
      undefined,
    ],
  ];

  test.each(cases)("of %s", async (_, grant, meaning) => {
    const { kms, KeyId, found } = await withKey();
    await kms.createGrant({ KeyId, ...grant });
    const findings = await found("grant-too-wide");
    expect(findings.map((finding) => finding.meaning)).toEqual(
      meaning === undefined ? [] : [expect.stringContaining(meaning)],
    );
  });

  test("that are many are told of by ten of them, and by how many more", async () => {
    const { kms, KeyId, found } = await withKey();
    for (let count = 0; count < 12; count++)
      await kms.createGrant({ KeyId, GranteePrincipal: ALICE, Operations: [...ALL, ...REST] });
    const findings = await found("grant-too-wide");
    expect(findings).toHaveLength(11);
    expect(findings.at(-1)?.meaning).toBe("2 more grants of the key are like these.");
  });
});

test("quotas are told of from four fifths on", async () => {
  const limits = { aliasesPerKey: 5, grantsPerKey: 5, keysPerRegion: 5 };
  const { kms, KeyId, arn, found } = await withKey({}, { limits });
  const use = async (from: number, to: number) => {
    for (let index = from; index < to; index++) {
      await kms.createAlias({ AliasName: `alias/${index}`, TargetKeyId: KeyId });
      await kms.createGrant({ KeyId, GranteePrincipal: ALICE, Operations: ["Decrypt"] });
      if (index > 0) await kms.createKey({});
    }
  };
  const findings = async () => [
    ...(await found("quota-aliases")),
    ...(await found("quota-grants")),
    ...(await found("quota-keys")),
  ];
  await use(0, 3);
  expect(await findings()).toEqual([]);
  await use(3, 4);
  expect(await findings()).toEqual([
    expect.objectContaining({ resource: arn, meaning: "Aliases of the key: 4 of 5." }),
    expect.objectContaining({ resource: arn, meaning: "Grants of the key: 4 of 5." }),
    expect.objectContaining({
      resource: "arn:aws:kms:us-east-1:111122223333:key/*",
      meaning: "Keys of the account in this Region: 4 of 5.",
    }),
  ]);
});

describe("rotation", () => {
  const cases: readonly (readonly [string, CreateKeyRequest])[] = [
    ["an HMAC key", { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" }],
    ["a key pair", { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }],
    ["a key of imported material", { Origin: "EXTERNAL" }],
  ];
  test.each(cases)("is nothing that %s has", async (_, request) => {
    expect(await (await withKey(request)).found("no-rotation")).toEqual([]);
  });

  test("is missed neither while a key is disabled, nor in the keys of services", async () => {
    const { kms, service, KeyId, found } = await withKey();
    await kms.disableKey({ KeyId });
    const byService = kmsMethods(service, { ...CALLER, service: "s3.us-east-1.amazonaws.com" });
    await byService.encrypt({ KeyId: "alias/aws/s3", Plaintext: new Uint8Array(1) });
    expect(await found("no-rotation")).toEqual([]);
    expect((await service.diagnose()).keys).toBe(2);
  });
});

describe("a deletion", () => {
  test("of a key that was used lately is told of, with when and for what", async () => {
    const { kms, KeyId, clock, found } = await withKey();
    await kms.encrypt({ KeyId, Plaintext: new Uint8Array(1) });
    expect(await found("pending-deletion-in-use")).toEqual([]);
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 30 });
    const meaning =
      "The key will be deleted at 2026-01-31T00:00:00.000Z, and was last used at 2026-01-01T00:00:00.000Z for Encrypt. " +
      "What is encrypted under it is lost then.";
    expect(await found("pending-deletion-in-use")).toEqual([
      expect.objectContaining({ severity: "error", meaning }),
    ]);
    clock.now += 29 * DAY;
    expect(await found("pending-deletion-in-use")).toHaveLength(1);
  });

  test("of a key that was never used, or long ago, is none of its business", async () => {
    const { kms, KeyId, clock, found } = await withKey();
    const unused = (await kms.createKey({})).KeyMetadata?.KeyId;
    await kms.encrypt({ KeyId, Plaintext: new Uint8Array(1) });
    clock.now += 91 * DAY;
    await kms.scheduleKeyDeletion({ KeyId });
    await kms.scheduleKeyDeletion({ KeyId: unused });
    expect(await found("pending-deletion-in-use")).toEqual([]);
  });
});

test("imported material is told of 30 days before it expires", async () => {
  const { kms, KeyId, clock, found } = await withKey({ Origin: "EXTERNAL" });
  const ValidTo = new Date(clock.now + 40 * DAY);
  const brought = await wrapped(kms, KeyId, new Uint8Array(32).fill(1));
  await kms.importKeyMaterial({ KeyId, ...brought, ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo });
  expect(await found("expiring-material")).toEqual([]);
  clock.now += 11 * DAY;
  expect((await found("expiring-material"))[0]?.meaning).toContain("expires at 2026-02-10T00:00:00.000Z");
});

describe("the audit log", () => {
  const bytes = new Uint8Array(1);
  const user = (name: string) => ({ ...CALLER, principal: `arn:aws:iam::111122223333:user/${name}` });

  test("shows a key whose encryption contexts have nothing in common", async () => {
    const { kms, KeyId, arn, found, service } = await withKey({}, { audit: "store" });
    const encrypt = (...contexts: Record<string, string>[]) =>
      Promise.all(
        contexts.map((EncryptionContext) => kms.encrypt({ KeyId, Plaintext: bytes, EncryptionContext })),
      );
    await encrypt({ tenant: "a" }, { tenant: "b", table: "t" }, { table: "u" }, { file: "f" }, {});
    expect(await found("key-for-everything")).toEqual([]);
    await encrypt({ mail: "m" });
    expect(await found("key-for-everything")).toEqual([
      expect.objectContaining({
        resource: arn,
        meaning: expect.stringContaining("3 kinds of encryption context that have no name in common"),
      }),
    ]);
    // What ties two of them together makes them one.
    await encrypt({ file: "f", tenant: "a" });
    expect(await found("key-for-everything")).toEqual([]);
    expect((await service.diagnose()).events).toBe(8);
  });

  test("shows a key that many use, counting a role once whatever its sessions are", async () => {
    const allowing = document(statement(), statement({ Principal: "*", Action: "kms:Encrypt" }));
    const { service, KeyId, found } = await withKey({ Policy: allowing }, { audit: "store" });
    const call = (caller: typeof CALLER) => service.call("Encrypt", { KeyId, Plaintext: bytes }, caller);
    for (let index = 0; index < 10; index++)
      await call({ ...CALLER, principal: `arn:aws:sts::111122223333:assumed-role/app/session-${index}` });
    for (let index = 0; index < 8; index++) await call(user(`user-${index}`));
    expect(await found("key-for-everything")).toEqual([]);
    await call(user("one-more"));
    expect((await found("key-for-everything"))[0]?.meaning).toContain("10 callers");
  });

  test("shows requests with another Region's ARN, and is not looked at for longer than 90 days", async () => {
    const { service, arn, clock, found } = await withKey({}, { audit: "store" });
    const abroad = kmsMethods(service, { ...CALLER, region: "eu-west-1" });
    for (let count = 0; count < 2; count++)
      await expect(abroad.encrypt({ KeyId: arn, Plaintext: bytes })).rejects.toThrow();
    expect(await found("request-other-region")).toEqual([
      expect.objectContaining({
        resource: arn,
        meaning:
          "2 requests to eu-west-1 named this key, which is of us-east-1: the last, Encrypt, at 2026-01-01T00:00:00Z by " +
          `${ROOT}.`,
      }),
    ]);
    clock.now += 91 * DAY;
    expect(await found("request-other-region")).toEqual([]);
  });
});
