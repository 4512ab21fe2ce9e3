/** Sessions of roles, as the official SDK begins and uses them. */
import { CreateKeyCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
} from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type AccessKey,
  AWAY,
  HOME,
  keyOf,
  kmsOf,
  ROOT,
  type Setting,
  start,
  stsOf,
  userOf,
} from "./setting.ts";

let setting: Setting;

beforeEach(async () => {
  setting = await start();
});

afterEach(async () => {
  await setting.stop();
});

const identityOf = async (key: AccessKey) => {
  const { Account, Arn, UserId } = await stsOf(setting, key).send(new GetCallerIdentityCommand({}));
  return { Account, Arn, UserId };
};

const assume = (key: AccessKey, input: Partial<AssumeRoleCommandInput> = {}) =>
  stsOf(setting, key).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${HOME}:role/app`,
      RoleSessionName: "session",
      ...input,
    }),
  );

/** A policy that says who may assume a role, and on what condition. */
function trust(AWS: string, Condition?: object, Action: string | string[] = "sts:AssumeRole"): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Principal: { AWS },
      Action,
      ...(Condition === undefined ? {} : { Condition }),
    },
  });
}

function allow(Action: string, Resource = "*"): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action, Resource } });
}

async function role(account: string, RoleName: string, AssumeRolePolicyDocument: string, more: object = {}) {
  const iam = await setting.kms.iam(account);
  return (await iam.createRole({ RoleName, AssumeRolePolicyDocument, ...more })).Role;
}

const alice = `arn:aws:iam::${HOME}:user/alice`;
const ACCESS_DENIED = { name: "AccessDenied", $metadata: expect.objectContaining({ httpStatusCode: 403 }) };

describe("GetCallerIdentity", () => {
  test("tells the root user, a user and a session who they are", async () => {
    const user = await userOf(setting, HOME, "alice");
    const { RoleId } = await role(HOME, "app", trust(alice));
    expect(await identityOf(ROOT)).toEqual({
      Account: HOME,
      Arn: `arn:aws:iam::${HOME}:root`,
      UserId: HOME,
    });
    expect(await identityOf(user)).toEqual({
      Account: HOME,
      Arn: alice,
      UserId: expect.stringMatching(/^AIDA/),
    });
    expect(await identityOf(keyOf((await assume(user)).Credentials))).toEqual({
      Account: HOME,
      Arn: `arn:aws:sts::${HOME}:assumed-role/app/session`,
      UserId: `${RoleId}:session`,
    });
  });

  test("is refused for an unknown key, a wrong secret and a deleted key", async () => {
    const user = await userOf(setting, HOME, "alice");
    const unknown = { ...user, accessKeyId: "AKIAABCDEFGHIJKLMNOP" };
    await expect(identityOf(unknown)).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    const wrong = { ...user, secretAccessKey: "wrong" };
    await expect(identityOf(wrong)).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    await identityOf(user);
    const iam = await setting.kms.iam(HOME);
    await iam.deleteAccessKey({ UserName: "alice", AccessKeyId: user.accessKeyId });
    await expect(identityOf(user)).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
  });
});

describe("AssumeRole", () => {
  test("gives credentials that the KMS takes, until they expire", async () => {
    const user = await userOf(setting, HOME, "alice");
    const { RoleId } = await role(HOME, "app", trust(alice));
    const iam = await setting.kms.iam(HOME);
    await iam.putPolicy({ RoleName: "app", PolicyName: "keys", PolicyDocument: allow("kms:*") });
    const { Credentials, AssumedRoleUser } = await assume(user, { DurationSeconds: 900 });
    expect(AssumedRoleUser).toEqual({
      Arn: `arn:aws:sts::${HOME}:assumed-role/app/session`,
      AssumedRoleId: `${RoleId}:session`,
    });
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    const lasts = (Credentials?.Expiration?.getTime() ?? 0) - Date.now();
    expect(lasts).toBeGreaterThan(600_000);
    expect(lasts).toBeLessThanOrEqual(900_000);
    const session = keyOf(Credentials);
    const { KeyMetadata } = await kmsOf(setting, session).send(new CreateKeyCommand({}));
    expect(KeyMetadata?.AWSAccountId).toBe(HOME);
    setting.clock.aheadMs = 901_000;
    const late = kmsOf(setting, session).send(new ListKeysCommand({}));
    await expect(late).rejects.toMatchObject({ name: "ExpiredTokenException" });
    await expect(identityOf(session)).rejects.toMatchObject({ name: "ExpiredToken" });
  });

  test("gives credentials that go with their own token alone", async () => {
    const user = await userOf(setting, HOME, "alice");
    await role(HOME, "app", trust(alice));
    const [one, two] = [keyOf((await assume(user)).Credentials), keyOf((await assume(user)).Credentials)];
    const { sessionToken: token = "", ...without } = one;
    const refused = { name: "SignatureDoesNotMatch" };
    await expect(identityOf({ ...two, sessionToken: token })).rejects.toMatchObject(refused);
    await expect(identityOf(without)).rejects.toMatchObject(refused);
    const flipped = `${token[0] === "A" ? "B" : "A"}${token.slice(1)}`;
    await expect(identityOf({ ...one, sessionToken: flipped })).rejects.toMatchObject(refused);
    await expect(identityOf({ ...user, sessionToken: token })).rejects.toMatchObject(refused);
  });

  test("is over for all sessions when the role is deleted, also if another one takes its name", async () => {
    const user = await userOf(setting, HOME, "alice");
    await role(HOME, "app", trust(alice));
    const session = keyOf((await assume(user)).Credentials);
    await (await setting.kms.iam(HOME)).deleteRole({ RoleName: "app" });
    await expect(identityOf(session)).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    await role(HOME, "app", trust(alice));
    await expect(identityOf(session)).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
  });

  test("wants the external id that the trust policy asks for", async () => {
    const user = await userOf(setting, HOME, "alice");
    await role(HOME, "app", trust(alice, { StringEquals: { "sts:ExternalId": "42-blue" } }));
    await expect(assume(user)).rejects.toMatchObject(ACCESS_DENIED);
    await expect(assume(user, { ExternalId: "42-red" })).rejects.toMatchObject(ACCESS_DENIED);
    expect((await assume(user, { ExternalId: "42-blue" })).Credentials).toBeDefined();
  });

  test("in one account needs the trust policy alone if it names the principal, and else the principal's own policy too", async () => {
    const user = await userOf(setting, HOME, "alice");
    await role(HOME, "app", trust(HOME));
    await expect(assume(user)).rejects.toMatchObject({
      ...ACCESS_DENIED,
      message: `User: ${alice} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${HOME}:role/app`,
    });
    const iam = await setting.kms.iam(HOME);
    await iam.putPolicy({ UserName: "alice", PolicyName: "p", PolicyDocument: allow("sts:AssumeRole") });
    expect((await assume(user)).Credentials).toBeDefined();
    const deny = allow("sts:AssumeRole").replace("Allow", "Deny");
    await iam.putPolicy({ UserName: "alice", PolicyName: "p", PolicyDocument: deny });
    await iam.updateAssumeRolePolicy({ RoleName: "app", PolicyDocument: trust(alice) });
    await expect(assume(user)).rejects.toMatchObject(ACCESS_DENIED);
  });

  test("across accounts needs both, and lets nobody know which roles there are", async () => {
    const user = await userOf(setting, AWAY, "carol");
    const { Arn } = await role(HOME, "app", trust(`arn:aws:iam::${AWAY}:user/carol`), { Path: "/svc/" });
    await expect(assume(user, { RoleArn: Arn })).rejects.toMatchObject(ACCESS_DENIED);
    const iam = await setting.kms.iam(AWAY);
    await iam.putPolicy({ UserName: "carol", PolicyName: "p", PolicyDocument: allow("sts:AssumeRole", Arn) });
    const { Credentials } = await assume(user, { RoleArn: Arn });
    expect((await identityOf(keyOf(Credentials))).Account).toBe(HOME);
    await expect(assume(user)).rejects.toMatchObject({
      ...ACCESS_DENIED,
      message: expect.stringContaining("is not authorized to perform: sts:AssumeRole on resource: "),
    });
  });

  test("is not for root users", async () => {
    await role(HOME, "app", trust(HOME));
    await expect(assume(ROOT)).rejects.toMatchObject(ACCESS_DENIED);
  });

  test("passes tags that it may, and those that are transitive along a chain of an hour at most", async () => {
    const user = await userOf(setting, HOME, "alice");
    const Tags = [
      { Key: "team", Value: "shop" },
      { Key: "cost", Value: "7" },
    ];
    await role(HOME, "app", trust(alice));
    await expect(assume(user, { Tags })).rejects.toMatchObject(ACCESS_DENIED);
    const iam = await setting.kms.iam(HOME);
    const both = ["sts:AssumeRole", "sts:TagSession"];
    await iam.updateAssumeRolePolicy({
      RoleName: "app",
      PolicyDocument: trust(alice, { StringEquals: { "aws:RequestTag/team": "shop" } }, both),
    });
    const named = `arn:aws:iam::${HOME}:role/app`;
    const shop = {
      StringEquals: { "aws:PrincipalTag/team": "shop" },
      Null: { "sts:TransitiveTagKeys": "false" },
    };
    await role(HOME, "next", trust(named, shop), { MaxSessionDuration: 43_200 });
    const none = {
      Null: { "aws:PrincipalTag/cost": "true" },
      StringEquals: { "aws:PrincipalTag/team": "shop" },
    };
    await role(HOME, "last", trust(`arn:aws:iam::${HOME}:role/next`, none));
    const first = await assume(user, { Tags, TransitiveTagKeys: ["team"] });
    expect(first.PackedPolicySize).toBeGreaterThan(0);
    const app = keyOf(first.Credentials);
    const RoleArn = `arn:aws:iam::${HOME}:role/next`;
    const second = await assume(app, { RoleArn });
    const last = { RoleArn: `arn:aws:iam::${HOME}:role/last` };
    expect((await assume(keyOf(second.Credentials), last)).Credentials).toBeDefined();
    await expect(assume(app, { RoleArn, DurationSeconds: 3601 })).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringContaining("role chaining"),
    });
    await expect(assume(app, { RoleArn, Tags: [{ Key: "Team", Value: "other" }] })).rejects.toMatchObject({
      name: "ValidationError",
    });
  });

  test("keeps the source identity along a chain", async () => {
    const user = await userOf(setting, HOME, "alice");
    const actions = ["sts:AssumeRole", "sts:SetSourceIdentity"];
    await role(HOME, "app", trust(alice, undefined, actions));
    const is = { StringEquals: { "aws:SourceIdentity": "alice.adams" } };
    await role(HOME, "next", trust(`arn:aws:iam::${HOME}:role/app`, is, actions));
    const { Credentials, SourceIdentity } = await assume(user, { SourceIdentity: "alice.adams" });
    expect(SourceIdentity).toBe("alice.adams");
    const RoleArn = `arn:aws:iam::${HOME}:role/next`;
    expect((await assume(keyOf(Credentials), { RoleArn })).SourceIdentity).toBe("alice.adams");
    await expect(assume(keyOf(Credentials), { RoleArn, SourceIdentity: "mallory" })).rejects.toMatchObject(
      ACCESS_DENIED,
    );
  });

  test.each<[string, Partial<AssumeRoleCommandInput>, string]>([
    ["no ARN", { RoleArn: "app" }, "ValidationError"],
    ["a session name with a space", { RoleSessionName: "a b" }, "ValidationError"],
    ["a quarter of an hour less a second", { DurationSeconds: 899 }, "ValidationError"],
    ["longer than the role allows", { DurationSeconds: 3601 }, "ValidationError"],
    ["a session policy that is none", { Policy: "{}" }, "MalformedPolicyDocumentException"],
    ["a session policy with markup", { Policy: "<&>\u0007" }, "MalformedPolicyDocumentException"],
    ["a managed policy", { PolicyArns: [{ arn: "arn:aws:iam::aws:policy/x" }] }, "ValidationError"],
    ["a transitive key without a tag", { TransitiveTagKeys: ["team"] }, "ValidationError"],
    ["a second factor", { SerialNumber: "arn:aws:iam::1:mfa/a", TokenCode: "123456" }, "AccessDenied"],
    [
      "more tags than a header holds",
      { Tags: Array.from({ length: 30 }, (_, n) => ({ Key: `k${n}`, Value: "v".repeat(256) })) },
      "PackedPolicyTooLargeException",
    ],
  ])("refuses %s", async (_what, input, name) => {
    const user = await userOf(setting, HOME, "alice");
    await role(HOME, "app", trust(alice, undefined, ["sts:AssumeRole", "sts:TagSession"]));
    await expect(assume(user, input)).rejects.toMatchObject({ name });
  });
});

test("two accounts on one server see their own keys alone", async () => {
  const iam = await setting.kms.iam(AWAY);
  const { AccessKeyId, SecretAccessKey } = (await iam.createAccessKey()).AccessKey;
  const away = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  const made = [ROOT, away].map(async (key) => {
    const { KeyMetadata } = await kmsOf(setting, key).send(new CreateKeyCommand({}));
    return KeyMetadata?.KeyId;
  });
  const ids = await Promise.all(made);
  const seen = [ROOT, away].map(async (key) => {
    const { Keys = [] } = await kmsOf(setting, key).send(new ListKeysCommand({}));
    return Keys.map(({ KeyId }) => KeyId);
  });
  expect(await Promise.all(seen)).toEqual(ids.map((id) => [id]));
});
