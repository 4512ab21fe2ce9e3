/**
 * Walk-throughs of the AWS KMS Developer Guide, as the principals of two accounts within one process: key policies, policies of the
 * account, other accounts, grants, services.
 */
import { createKms, ephemeralRootKey, type Kms, memoryStore, type Principal } from "kmslite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const ACCOUNT = "111122223333";
const OTHER = "444455556666";
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ALICE = `arn:aws:iam::${ACCOUNT}:user/alice`;
const BOB = `arn:aws:iam::${ACCOUNT}:user/bob`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/service/app`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/app/one`;
const CAROL = `arn:aws:iam::${OTHER}:user/carol`;

const PLAINTEXT = Uint8Array.of(1, 2, 3);
const EncryptionContext = { Department: "IT", Purpose: "test" };

let kms: Kms;
beforeEach(async () => {
  kms = await createKms({ root: ephemeralRootKey(), store: memoryStore(), account: ACCOUNT });
});
afterEach(() => kms.close());

const policy = (...Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const identity = (Action: string | readonly string[], Resource = "*", more: object = {}) =>
  policy({ Effect: "Allow", Action, Resource, ...more });
const allow = (principal: object | string, Action: string | readonly string[], Condition?: object) => ({
  Effect: "Allow",
  Principal: typeof principal === "string" ? { AWS: principal } : principal,
  Action,
  Resource: "*",
  ...(Condition === undefined ? {} : { Condition }),
});
const ADMINISTRATION = allow(ROOT, "kms:*");

async function keyWith(
  ...statements: readonly object[]
): Promise<{ readonly id: string; readonly arn: string }> {
  const { KeyMetadata } = await kms.createKey({ Policy: policy(ADMINISTRATION, ...statements) });
  return { id: KeyMetadata?.KeyId ?? "", arn: KeyMetadata?.Arn ?? "" };
}

const denied = (message: string | RegExp) => ({
  name: "AccessDeniedException",
  message: expect.stringMatching(message),
});

describe("key policies", () => {
  test("the default one leaves it to the policies of the account", async () => {
    const KeyId = (await kms.createKey({})).KeyMetadata?.Arn ?? "";
    const use = { KeyId, Plaintext: PLAINTEXT };
    await expect(kms.as(ALICE).encrypt(use)).rejects.toMatchObject(
      denied(
        `^User: ${ALICE} is not authorized to perform: kms:Encrypt on resource: ${KeyId} because no identity-based policy ` +
          "allows the kms:Encrypt action$",
      ),
    );
    await kms.as({ arn: ALICE, policies: [identity("kms:Encrypt", KeyId)] }).encrypt(use);
    await kms.as(ROOT).encrypt(use);
  });

  test("one that does not name the account shuts its policies out, and its root user too", async () => {
    const { KeyMetadata } = await kms.createKey({
      Policy: policy(allow(ALICE, "kms:*")),
      BypassPolicyLockoutSafetyCheck: true,
    });
    const use = { KeyId: KeyMetadata?.KeyId, Plaintext: PLAINTEXT };
    await kms.as(ALICE).encrypt(use);
    for (const other of [ROOT, { arn: BOB, policies: [identity("kms:*")] }]) {
      await expect(kms.as(other).encrypt(use)).rejects.toMatchObject(
        denied(/because no resource-based policy allows the kms:Encrypt action$/),
      );
    }
  });

  test("whoever is named needs no policy of the account", async () => {
    const { id: KeyId } = await keyWith(allow(ALICE, "kms:Encrypt"), allow(ROLE, "kms:Decrypt"));
    const { CiphertextBlob } = await kms.as(ALICE).encrypt({ KeyId, Plaintext: PLAINTEXT });
    await expect(kms.as(ALICE).decrypt({ CiphertextBlob })).rejects.toMatchObject(denied(/kms:Decrypt/));
    expect((await kms.as({ arn: SESSION, roleArn: ROLE }).decrypt({ CiphertextBlob })).Plaintext).toEqual(
      PLAINTEXT,
    );
    await expect(
      kms.as({ arn: SESSION, roleArn: ROLE.replace("service/", "") }).decrypt({ CiphertextBlob }),
    ).rejects.toMatchObject(denied(/kms:Decrypt/));
  });

  test("a Deny wins, wherever it stands, and is told as such", async () => {
    const deny = { ...allow({ AWS: "*" }, "kms:Encrypt"), Effect: "Deny" };
    const { id: KeyId } = await keyWith(deny);
    const { id: other } = await keyWith();
    const everything = identity("kms:*");
    const no = policy({ Effect: "Deny", Action: "kms:Encrypt", Resource: "*" });
    const cases: readonly (readonly [Principal, string, string])[] = [
      [{ arn: ALICE, policies: [everything] }, KeyId, "a resource-based policy"],
      [{ arn: ALICE, policies: [everything, no] }, other, "an identity-based policy"],
      [{ arn: ALICE, policies: [everything], boundary: no }, other, "a permissions boundary"],
      [{ arn: SESSION, policies: [everything], sessionPolicies: [no] }, other, "a session policy"],
    ];
    for (const [who, key, where] of cases) {
      await expect(kms.as(who).encrypt({ KeyId: key, Plaintext: PLAINTEXT })).rejects.toMatchObject(
        denied(`with an explicit deny in ${where}$`),
      );
    }
    await expect(kms.encrypt({ KeyId, Plaintext: PLAINTEXT })).rejects.toMatchObject(denied(/explicit deny/));
  });

  test("boundaries and session policies limit what the account allows", async () => {
    const { id: KeyId } = await keyWith();
    const policies = [identity("kms:*")];
    const use = { KeyId, Plaintext: PLAINTEXT };
    const onlyDecrypt = identity("kms:Decrypt");
    await expect(kms.as({ arn: ALICE, policies, boundary: onlyDecrypt }).encrypt(use)).rejects.toMatchObject(
      denied(/because no permissions boundary allows the kms:Encrypt action$/),
    );
    await expect(
      kms.as({ arn: SESSION, policies, sessionPolicies: [onlyDecrypt] }).encrypt(use),
    ).rejects.toMatchObject(denied(/because no session policy allows the kms:Encrypt action$/));
    await kms.as({ arn: SESSION, policies, sessionPolicies: [identity("kms:Enc*")] }).encrypt(use);
  });

  test("actions on no key are up to the account alone", async () => {
    await expect(kms.as(ALICE).createKey({})).rejects.toMatchObject(
      denied(
        /perform: kms:CreateKey on resource: \* because no identity-based policy allows the kms:CreateKey action$/,
      ),
    );
    const maker = { arn: ALICE, policies: [identity("kms:CreateKey")] };
    await kms.as(maker).createKey({});
    const Tags = [{ TagKey: "a", TagValue: "b" }];
    await expect(kms.as(maker).createKey({ Tags })).rejects.toMatchObject(
      denied(/perform: kms:TagResource because no identity-based policy allows the kms:TagResource action$/),
    );
    const tagger = identity("kms:TagResource", `arn:aws:kms:*:${ACCOUNT}:key/*`);
    await kms.as({ ...maker, policies: [...maker.policies, tagger] }).createKey({ Tags });
  });

  test("aliases take the permission on the alias and on each key", async () => {
    const one = await keyWith();
    const two = await keyWith();
    const AliasName = "alias/projects/one";
    const aliasArn = `arn:aws:kms:us-east-1:${ACCOUNT}:${AliasName}`;
    const on = (...resources: readonly string[]) =>
      kms.as({ arn: ALICE, policies: resources.map((resource) => identity("kms:*Alias", resource)) });
    const create = { AliasName, TargetKeyId: one.id };
    await expect(on(one.arn).createAlias(create)).rejects.toMatchObject(denied(`on resource: ${aliasArn} `));
    await expect(on(aliasArn).createAlias(create)).rejects.toMatchObject(denied(`on resource: ${one.arn} `));
    await on(aliasArn, one.arn).createAlias(create);
    const update = { AliasName, TargetKeyId: two.id };
    await expect(on(aliasArn, two.arn).updateAlias(update)).rejects.toMatchObject(denied(one.arn));
    await expect(on(aliasArn, one.arn).updateAlias(update)).rejects.toMatchObject(denied(two.arn));
    await on(aliasArn, one.arn, two.arn).updateAlias(update);
    await expect(on(aliasArn).deleteAlias({ AliasName })).rejects.toMatchObject(denied(two.arn));
    await on(aliasArn, two.arn).deleteAlias({ AliasName });
  });
});

describe("principals of other accounts", () => {
  const USE = ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:DisableKey", "kms:ReEncrypt*"];
  const carol = () => kms.as({ arn: CAROL, policies: [identity("kms:*")] });

  test("need both accounts, and name the key by its ARN", async () => {
    const shared = await keyWith(allow(`arn:aws:iam::${OTHER}:root`, USE));
    const { CiphertextBlob } = await carol().encrypt({ KeyId: shared.arn, Plaintext: PLAINTEXT });
    expect(await carol().decrypt({ CiphertextBlob })).toMatchObject({
      KeyId: shared.arn,
      Plaintext: PLAINTEXT,
    });
    expect((await carol().describeKey({ KeyId: shared.arn })).KeyMetadata).toMatchObject({
      AWSAccountId: ACCOUNT,
    });
    await kms.as(`arn:aws:iam::${OTHER}:root`).encrypt({ KeyId: shared.arn, Plaintext: PLAINTEXT });
    await expect(kms.as(CAROL).encrypt({ KeyId: shared.arn, Plaintext: PLAINTEXT })).rejects.toMatchObject(
      denied(/because the resource does not exist in this Region, no resource-based policies allow access/),
    );
    await expect(kms.as(CAROL).decrypt({ CiphertextBlob })).rejects.toMatchObject(
      denied(/^The ciphertext refers/),
    );
    await expect(carol().encrypt({ KeyId: shared.id, Plaintext: PLAINTEXT })).rejects.toMatchObject({
      name: "NotFoundException",
    });
  });

  test("can't do what does not work across accounts", async () => {
    const shared = await keyWith(allow(`arn:aws:iam::${OTHER}:root`, "kms:*"));
    await expect(carol().disableKey({ KeyId: shared.arn })).rejects.toMatchObject(denied(/kms:DisableKey/));
    await expect(carol().getKeyPolicy({ KeyId: shared.arn })).rejects.toMatchObject(
      denied(/kms:GetKeyPolicy/),
    );
    expect((await carol().getKeyRotationStatus({ KeyId: shared.arn })).KeyRotationEnabled).toBe(false);
  });

  test("can name an alias by its ARN, and have keys and aliases of their own", async () => {
    const shared = await keyWith(allow(`arn:aws:iam::${OTHER}:root`, USE));
    await kms.createAlias({ AliasName: "alias/shared", TargetKeyId: shared.id });
    const use = { KeyId: `arn:aws:kms:us-east-1:${ACCOUNT}:alias/shared`, Plaintext: PLAINTEXT };
    const { CiphertextBlob, KeyId } = await carol().encrypt(use);
    expect(KeyId).toBe(shared.arn);
    const own = (await carol().createKey({})).KeyMetadata?.Arn ?? "";
    expect(own).toContain(`:${OTHER}:key/`);
    expect((await carol().reEncrypt({ CiphertextBlob, DestinationKeyId: own })).KeyId).toBe(own);
    expect((await kms.listKeys({})).Keys).toHaveLength(1);
    await expect(kms.describeKey({ KeyId: own })).rejects.toMatchObject(
      denied(/kms:DescribeKey on this resource/),
    );
  });
});

describe("grants", () => {
  const grantee = () => kms.as({ arn: SESSION, roleArn: ROLE });

  test("permit what they name, with the encryption context that they demand", async () => {
    const { id: KeyId } = await keyWith();
    await expect(grantee().encrypt({ KeyId, Plaintext: PLAINTEXT })).rejects.toMatchObject(
      denied(/kms:Encrypt/),
    );
    const { GrantToken = "" } = await kms.createGrant({
      KeyId,
      GranteePrincipal: ROLE,
      Operations: ["Encrypt", "DescribeKey"],
      Constraints: { EncryptionContextSubset: { Department: "IT" } },
    });
    const use = { KeyId, Plaintext: PLAINTEXT, EncryptionContext };
    const { CiphertextBlob } = await grantee().encrypt(use);
    await grantee().encrypt({ ...use, GrantTokens: [GrantToken] });
    await grantee().describeKey({ KeyId });
    for (const attempt of [
      () => grantee().encrypt({ KeyId, Plaintext: PLAINTEXT }),
      () => grantee().encrypt({ ...use, EncryptionContext: { Department: "HR" } }),
      () => grantee().decrypt({ CiphertextBlob, EncryptionContext }),
      () => kms.as(BOB).encrypt(use),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ name: "AccessDeniedException" });
    }
  });

  test("are not stronger than a Deny", async () => {
    const { id: KeyId } = await keyWith({ ...allow(ROLE, "kms:Encrypt"), Effect: "Deny" });
    await kms.createGrant({ KeyId, GranteePrincipal: ROLE, Operations: ["Encrypt"] });
    await expect(grantee().encrypt({ KeyId, Plaintext: PLAINTEXT })).rejects.toMatchObject(
      denied(/explicit deny/),
    );
  });

  test("made under a grant are never wider than it", async () => {
    const { id: KeyId } = await keyWith();
    const constraint = { EncryptionContextSubset: { Department: "IT" } };
    const parent = ["CreateGrant", "Encrypt", "Decrypt"] as const;
    await kms.createGrant({
      KeyId,
      GranteePrincipal: ROLE,
      Operations: [...parent],
      Constraints: constraint,
    });
    const child = { KeyId, GranteePrincipal: BOB };
    for (const wider of [
      { Operations: ["Encrypt" as const] },
      { Operations: ["Encrypt" as const], Constraints: { EncryptionContextSubset: { Purpose: "test" } } },
      { Operations: ["GenerateDataKey" as const], Constraints: constraint },
    ]) {
      await expect(grantee().createGrant({ ...child, ...wider })).rejects.toMatchObject(
        denied(/kms:CreateGrant/),
      );
    }
    await grantee().createGrant({ ...child, Operations: ["Encrypt"], Constraints: constraint });
    await grantee().createGrant({
      ...child,
      Operations: ["Decrypt"],
      Constraints: { EncryptionContextEquals: EncryptionContext },
    });
    const { CiphertextBlob } = await kms.as(BOB).encrypt({ KeyId, Plaintext: PLAINTEXT, EncryptionContext });
    await kms.as(BOB).decrypt({ CiphertextBlob, EncryptionContext });
  });

  test("are retired by whom they name, by their account, and by a grantee that may", async () => {
    const { id: KeyId } = await keyWith();
    const grant = async (more: object = {}, Operations: ("Encrypt" | "RetireGrant")[] = ["Encrypt"]) =>
      (await kms.createGrant({ KeyId, GranteePrincipal: ROLE, Operations, ...more })).GrantId ?? "";
    const plain = await grant();
    for (const who of [grantee(), kms.as(BOB), kms.as({ arn: CAROL, policies: [identity("kms:*")] })]) {
      await expect(
        who.retireGrant({ KeyId: (await kms.describeKey({ KeyId })).KeyMetadata?.Arn, GrantId: plain }),
      ).rejects.toMatchObject(denied(/kms:RetireGrant/));
    }
    await kms.retireGrant({ KeyId, GrantId: plain });
    await kms.as(BOB).retireGrant({ KeyId, GrantId: await grant({ RetiringPrincipal: BOB }) });
    await grantee().retireGrant({ KeyId, GrantId: await grant({}, ["Encrypt", "RetireGrant"]) });
    const delegated = kms.as({ arn: ALICE, policies: [identity("kms:RetireGrant")] });
    await delegated.retireGrant({ KeyId, GrantId: await grant() });
    expect((await kms.listGrants({ KeyId })).Grants).toEqual([]);
  });

  test("are revoked by those whom the key policy lets", async () => {
    const { id: KeyId } = await keyWith(allow(ALICE, "kms:RevokeGrant"));
    const { GrantId } = await kms.createGrant({ KeyId, GranteePrincipal: ROLE, Operations: ["Encrypt"] });
    await expect(grantee().revokeGrant({ KeyId, GrantId })).rejects.toMatchObject(denied(/kms:RevokeGrant/));
    await kms.as(ALICE).revokeGrant({ KeyId, GrantId });
    await expect(grantee().encrypt({ KeyId, Plaintext: PLAINTEXT })).rejects.toMatchObject(
      denied(/kms:Encrypt/),
    );
  });

  test("work across accounts, with the other account's consent", async () => {
    const { arn: KeyId } = await keyWith();
    await kms.createGrant({ KeyId, GranteePrincipal: CAROL, Operations: ["Encrypt"] });
    const use = { KeyId, Plaintext: PLAINTEXT };
    await kms.as({ arn: CAROL, policies: [identity("kms:Encrypt", KeyId)] }).encrypt(use);
    await expect(kms.as(CAROL).encrypt(use)).rejects.toMatchObject(denied(/kms:Encrypt on this resource/));
  });

  test("to an account are for those whom it lets", async () => {
    const { id: KeyId } = await keyWith();
    const { KeyMetadata } = await kms.createKey({
      Policy: policy(allow(ALICE, "kms:*")),
      BypassPolicyLockoutSafetyCheck: true,
    });
    await kms.as(ALICE).createGrant({
      KeyId: KeyMetadata?.KeyId,
      GranteePrincipal: ROOT,
      Operations: ["Encrypt"],
    });
    const use = { KeyId: KeyMetadata?.KeyId, Plaintext: PLAINTEXT };
    await kms.as({ arn: BOB, policies: [identity("kms:Encrypt")] }).encrypt(use);
    await expect(kms.as(BOB).encrypt(use)).rejects.toMatchObject(denied(/kms:Encrypt/));
    expect(KeyId).not.toBe(KeyMetadata?.KeyId);
  });
});

describe("services", () => {
  const S3 = "s3.us-east-1.amazonaws.com";

  test("kms:ViaService lets a key be used through a service alone", async () => {
    const condition = { StringEquals: { "kms:ViaService": S3, "kms:CallerAccount": ACCOUNT } };
    const { id: KeyId } = await keyWith(allow({ AWS: "*" }, "kms:Encrypt", condition));
    const use = { KeyId, Plaintext: PLAINTEXT };
    await kms.as({ arn: ALICE, service: S3 }).encrypt(use);
    await kms.as({ arn: ALICE, service: "s3.amazonaws.com" }).encrypt(use);
    for (const who of [ALICE, { arn: ALICE, service: "rds.us-east-1.amazonaws.com" }, "s3.amazonaws.com"]) {
      await expect(kms.as(who).encrypt(use)).rejects.toMatchObject({ name: "AccessDeniedException" });
    }
  });

  test("in their own name are let in by a policy that names them, for one resource", async () => {
    const bucket = "arn:aws:s3:::bucket";
    const condition = { ArnLike: { "aws:SourceArn": bucket } };
    const { id: KeyId } = await keyWith(allow({ Service: "s3.amazonaws.com" }, "kms:Encrypt", condition));
    const use = { KeyId, Plaintext: PLAINTEXT };
    await kms.as({ arn: "s3.amazonaws.com", source: { resourceArn: bucket } }).encrypt(use);
    await expect(kms.as("s3.amazonaws.com").encrypt(use)).rejects.toMatchObject(denied(/kms:Encrypt/));
  });

  test("have grants for the resource that they act for", async () => {
    const { id: KeyId } = await keyWith();
    const SourceArn = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/orders`;
    await kms.createGrant({
      KeyId,
      GranteeServicePrincipal: "dynamodb.amazonaws.com",
      RetiringPrincipal: ROOT,
      Operations: ["Encrypt"],
      Constraints: { SourceArn },
    });
    const use = { KeyId, Plaintext: PLAINTEXT };
    await kms.as({ arn: "dynamodb.amazonaws.com", source: { resourceArn: SourceArn } }).encrypt(use);
    for (const source of [{}, { resourceArn: `${SourceArn}2` }]) {
      await expect(kms.as({ arn: "dynamodb.amazonaws.com", source }).encrypt(use)).rejects.toMatchObject(
        denied(/kms:Encrypt/),
      );
    }
  });
});

test.each(["", "alice", `arn:aws:iam::${ACCOUNT}:group/all`, "arn:aws:s3:::bucket"])(
  "%o may do nothing",
  async (who) => {
    await expect(kms.as(who).listKeys({})).rejects.toMatchObject(denied(/kms:ListKeys/));
    const { id: KeyId } = await keyWith();
    await expect(kms.as(who).describeKey({ KeyId })).rejects.toMatchObject({ name: "AccessDeniedException" });
  },
);
