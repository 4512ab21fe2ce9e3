/** Condition keys: each has the value that AWS documents, for the actions that have it, with what a request leaves out put in. */
import { createKms, ephemeralRootKey, type Kms, memoryStore, type Principal } from "kmslite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const ACCOUNT = "111122223333";
const ALICE = `arn:aws:iam::${ACCOUNT}:user/team/alice`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/app/one`;
const NOW = Date.UTC(2026, 0, 1, 12);
const PLAINTEXT = Uint8Array.of(1);

let kms: Kms;
beforeEach(async () => {
  kms = await createKms({
    root: ephemeralRootKey(),
    store: memoryStore(),
    account: ACCOUNT,
    clock: () => NOW,
  });
});
afterEach(() => kms.close());

/** A principal who may do everything if a condition is met. */
function when(Condition: object, who: Partial<Principal> = {}): ReturnType<Kms["as"]> {
  const statement = { Effect: "Allow", Action: "kms:*", Resource: "*", Condition };
  const policies = [JSON.stringify({ Version: "2012-10-17", Statement: statement })];
  return kms.as({ arn: ALICE, ...who, policies });
}

const refused = { name: "AccessDeniedException" };

async function symmetricKey(more: object = {}): Promise<string> {
  return (await kms.createKey(more)).KeyMetadata?.KeyId ?? "";
}

describe("keys about the caller and its request", () => {
  const session: Partial<Principal> = {
    arn: SESSION,
    roleArn: ROLE,
    principalId: "AROAEXAMPLE:one",
    tags: { Project: "Alpha" },
    sourceIdentity: "ana",
    mfa: true,
    issuedAt: NOW - 60_000,
    source: { ip: "192.0.2.7", userAgent: "aws-cli/2", tls: true },
  };
  test.each<[object, Partial<Principal>?]>([
    [{ StringEquals: { "aws:PrincipalArn": ALICE, "aws:username": "alice", "aws:PrincipalType": "User" } }],
    [{ StringEquals: { "aws:PrincipalAccount": ACCOUNT, "kms:CallerAccount": ACCOUNT } }],
    [{ StringEquals: { "aws:PrincipalArn": ROLE, "aws:userid": "AROAEXAMPLE:one" } }, session],
    [{ StringEquals: { "aws:PrincipalType": "AssumedRole", "aws:SourceIdentity": "ana" } }, session],
    [{ StringEquals: { "aws:principaltag/project": "Alpha" } }, session],
    [
      { Bool: { "aws:MultiFactorAuthPresent": true }, NumericEquals: { "aws:MultiFactorAuthAge": 60 } },
      session,
    ],
    [{ DateEquals: { "aws:TokenIssueTime": "2026-01-01T11:59:00Z" } }, session],
    [
      { IpAddress: { "aws:SourceIp": "192.0.2.0/24" }, StringLike: { "aws:UserAgent": "aws-cli/*" } },
      session,
    ],
    [{ Bool: { "aws:SecureTransport": true, "aws:ViaAWSService": false } }, session],
    [{ DateEquals: { "aws:CurrentTime": "2026-01-01T12:00:00Z" } }],
    [{ NumericEquals: { "aws:EpochTime": NOW / 1000 } }],
    [{ StringEquals: { "aws:RequestedRegion": "us-east-1", "aws:ResourceAccount": ACCOUNT } }],
    [
      {
        Bool: { "aws:ViaAWSService": true },
        StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" },
        "ForAnyValue:StringEquals": { "aws:CalledVia": "s3.amazonaws.com" },
        Null: { "aws:SourceIp": true },
      },
      { service: "s3.amazonaws.com", source: { ip: "192.0.2.7" } },
    ],
  ])("%j", async (condition, who) => {
    await when(condition, who).listKeys({});
    await expect(when({ Null: { "aws:PrincipalArn": true } }, who).listKeys({})).rejects.toMatchObject(
      refused,
    );
  });
});

describe("keys about a KMS key", () => {
  test("its spec, usage, origin, Regions and tags", async () => {
    const Tags = [{ TagKey: "Project", TagValue: "Alpha" }];
    const KeyId = await symmetricKey({ Tags, MultiRegion: true });
    const values = {
      "kms:KeySpec": "SYMMETRIC_DEFAULT",
      "kms:CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
      "kms:KeyUsage": "ENCRYPT_DECRYPT",
      "kms:CustomerMasterKeyUsage": "ENCRYPT_DECRYPT",
      "kms:KeyOrigin": "AWS_KMS",
      "kms:MultiRegionKeyType": "PRIMARY",
      "aws:ResourceTag/Project": "Alpha",
    };
    await when({ StringEquals: values, Bool: { "kms:MultiRegion": true } }).describeKey({ KeyId });
    for (const [key, value] of Object.entries(values)) {
      await expect(when({ StringNotEquals: { [key]: value } }).describeKey({ KeyId })).rejects.toMatchObject(
        refused,
      );
    }
  });

  test("one that comes has what the request asks for, or leaves out", async () => {
    const defaults = {
      "kms:KeySpec": "SYMMETRIC_DEFAULT",
      "kms:KeyUsage": "ENCRYPT_DECRYPT",
      "kms:KeyOrigin": "AWS_KMS",
    };
    const flags = { "kms:MultiRegion": false, "kms:BypassPolicyLockoutSafetyCheck": false };
    await when({ StringEquals: defaults, Bool: flags }).createKey({});
    await expect(
      when({ StringEquals: defaults }).createKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }),
    ).rejects.toMatchObject(refused);
    const Tags = [{ TagKey: "Project", TagValue: "Alpha" }];
    const tagged = {
      StringEquals: { "aws:RequestTag/Project": "Alpha" },
      "ForAllValues:StringEquals": { "aws:TagKeys": ["Project"] },
    };
    await when(tagged).createKey({ Tags });
    await expect(
      when(tagged).createKey({ Tags: [{ TagKey: "Project", TagValue: "Beta" }] }),
    ).rejects.toMatchObject(refused);
  });

  test("its aliases, and the one in the request", async () => {
    const KeyId = await symmetricKey();
    await kms.createAlias({ AliasName: "alias/alpha", TargetKeyId: KeyId });
    const has = when({ "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/a*" } });
    await has.encrypt({ KeyId, Plaintext: PLAINTEXT });
    await expect(has.encrypt({ KeyId: await symmetricKey(), Plaintext: PLAINTEXT })).rejects.toMatchObject(
      refused,
    );
    const named = when({ StringEquals: { "kms:RequestAlias": "alias/alpha" } });
    await named.encrypt({ KeyId: "alias/alpha", Plaintext: PLAINTEXT });
    await expect(named.encrypt({ KeyId, Plaintext: PLAINTEXT })).rejects.toMatchObject(refused);
  });
});

describe("keys about what is asked for", () => {
  test("the encryption context and the algorithm", async () => {
    const KeyId = await symmetricKey();
    const EncryptionContext = { AppName: "x", Purpose: "y" };
    const by = (condition: object) =>
      when(condition).encrypt({ KeyId, Plaintext: PLAINTEXT, EncryptionContext });
    await by({
      StringEquals: { "kms:EncryptionContext:appname": "x", "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT" },
    });
    await by({ "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["AppName", "Purpose"] } });
    await expect(by({ StringEquals: { "kms:EncryptionContext:AppName": "z" } })).rejects.toMatchObject(
      refused,
    );
    await expect(
      by({ "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["appname", "Purpose"] } }),
    ).rejects.toMatchObject(refused);
  });

  test("both sides of ReEncrypt, each with its own context, and whether they are one key", async () => {
    const [one, two] = [await symmetricKey(), await symmetricKey()];
    const SourceEncryptionContext = { side: "from" };
    const { CiphertextBlob } = await kms.encrypt({
      KeyId: one,
      Plaintext: PLAINTEXT,
      EncryptionContext: SourceEncryptionContext,
    });
    const to = (DestinationKeyId: string) => ({
      CiphertextBlob,
      DestinationKeyId,
      SourceEncryptionContext,
      DestinationEncryptionContext: { side: "to" },
    });
    const same = when({ Bool: { "kms:ReEncryptOnSameKey": true } });
    await same.reEncrypt(to(one));
    await same.reEncrypt({ ...to(one), SourceKeyId: one });
    await expect(same.reEncrypt(to(two))).rejects.toMatchObject(refused);
    const sides = [
      ["kms:ReEncryptFrom", "from"],
      ["kms:ReEncryptTo", "to"],
    ].map(([Action, side]) => ({
      Effect: "Allow",
      Action,
      Resource: "*",
      Condition: { StringEquals: { "kms:EncryptionContext:side": side } },
    }));
    const policies = [JSON.stringify({ Version: "2012-10-17", Statement: sides })];
    await kms.as({ arn: ALICE, policies }).reEncrypt(to(two));
  });

  test("times and periods, with their defaults", async () => {
    const KeyId = await symmetricKey();
    await when({ NumericEquals: { "kms:RotationPeriodInDays": 365 } }).enableKeyRotation({ KeyId });
    await expect(
      when({ NumericEquals: { "kms:RotationPeriodInDays": 365 } }).enableKeyRotation({
        KeyId,
        RotationPeriodInDays: 90,
      }),
    ).rejects.toMatchObject(refused);
    await when({ NumericLessThan: { "kms:TrailingDaysWithoutKeyUsage": 1 } }).disableKey({ KeyId });
    const soon = when({ NumericGreaterThanEquals: { "kms:ScheduleKeyDeletionPendingWindowInDays": 30 } });
    await expect(soon.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })).rejects.toMatchObject(refused);
    await soon.scheduleKeyDeletion({ KeyId });
  });

  test("signatures, MACs and data key pairs", async () => {
    const signer = await symmetricKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
    const request = { KeyId: signer, Message: PLAINTEXT, SigningAlgorithm: "ECDSA_SHA_256" as const };
    await when({
      StringEquals: { "kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "RAW" },
    }).sign(request);
    const digest = when({ StringEquals: { "kms:MessageType": "DIGEST" } });
    await expect(digest.sign(request)).rejects.toMatchObject(refused);
    const mac = await symmetricKey({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
    await when({ StringEquals: { "kms:MacAlgorithm": "HMAC_SHA_256" } }).generateMac({
      KeyId: mac,
      Message: PLAINTEXT,
      MacAlgorithm: "HMAC_SHA_256",
    });
    await when({
      StringEquals: { "kms:DataKeyPairSpec": "ECC_NIST_P256" },
    }).generateDataKeyPairWithoutPlaintext({
      KeyId: await symmetricKey(),
      KeyPairSpec: "ECC_NIST_P256",
    });
  });

  test("grants", async () => {
    const KeyId = await symmetricKey();
    const grant = {
      KeyId,
      GranteePrincipal: ROLE,
      RetiringPrincipal: ALICE,
      Operations: ["Decrypt" as const],
    };
    const condition = {
      StringEquals: { "kms:GranteePrincipal": ROLE, "kms:RetiringPrincipal": ALICE },
      "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt", "Encrypt"] },
      Bool: { "kms:GrantIsForAWSResource": false },
    };
    await when(condition).createGrant(grant);
    await expect(
      when(condition).createGrant({ ...grant, Operations: ["CreateGrant"] }),
    ).rejects.toMatchObject(refused);
    const constrained = {
      StringEquals: { "kms:GrantConstraintType": "EncryptionContextSubset", "kms:EncryptionContext:a": "b" },
    };
    await when(constrained).createGrant({ ...grant, Constraints: { EncryptionContextSubset: { a: "b" } } });
    await expect(when(constrained).createGrant(grant)).rejects.toMatchObject(refused);
  });
});
