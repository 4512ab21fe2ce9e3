/** The directory: users, roles, policies, access keys, by IAM's names and errors. */
import { memoryStore } from "@kmslite/store";
import { describe, expect, test } from "vitest";
import { open } from "../../test-support/open.ts";

const ACCOUNT = "111122223333";
const OTHER = "444455556666";
const ALLOW = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:*","Resource":"*"}}';
const TRUST = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"${ACCOUNT}"},"Action":"sts:AssumeRole"}}`;

async function directory(options: Parameters<typeof open>[0] = {}) {
  const opened = await open(options);
  const principals = await opened.service.directory();
  return { ...opened, principals, iam: principals.account(ACCOUNT), other: principals.account(OTHER) };
}

describe("users", () => {
  test("are made with unique ids, listed by name, and apart from those of other accounts", async () => {
    const { iam, other } = await directory();
    const { User } = await iam.createUser({
      UserName: "bob",
      Path: "/staff/",
      Tags: [{ Key: "a", Value: "b" }],
    });
    await iam.createUser({ UserName: "alice" });
    await other.createUser({ UserName: "alice" });
    expect(User).toMatchObject({
      Arn: `arn:aws:iam::${ACCOUNT}:user/staff/bob`,
      Path: "/staff/",
      Tags: [{ Key: "a", Value: "b" }],
    });
    expect(User.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
    expect((await iam.listUsers()).Users.map(({ UserName }) => UserName)).toEqual(["alice", "bob"]);
    expect((await other.listUsers()).Users.map(({ Arn }) => Arn)).toEqual([
      `arn:aws:iam::${OTHER}:user/alice`,
    ]);
    const { Accounts } = await iam.listAccounts();
    expect(Accounts.map(({ Id }) => Id)).toEqual([ACCOUNT, OTHER]);
  });

  test("are not told apart by case, and a name is free again when its user is deleted", async () => {
    const { iam } = await directory();
    const first = await iam.createUser({ UserName: "alice" });
    await expect(iam.createUser({ UserName: "Alice" })).rejects.toMatchObject({
      name: "EntityAlreadyExists",
    });
    await expect(iam.getUser({ UserName: "ALICE" })).rejects.toMatchObject({ name: "NoSuchEntity" });
    await iam.deleteUser({ UserName: "alice" });
    await expect(iam.getUser({ UserName: "alice" })).rejects.toMatchObject({
      name: "NoSuchEntity",
      $metadata: { httpStatusCode: 404 },
    });
    const second = await iam.createUser({ UserName: "alice" });
    expect(second.User.UserId).not.toBe(first.User.UserId);
  });

  test("are made once, however many try at once", async () => {
    const { iam } = await directory();
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => iam.createUser({ UserName: "alice" })),
    );
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const refused = tries.flatMap((result) => (result.status === "rejected" ? [result.reason.name] : []));
    expect(new Set(refused)).toEqual(new Set(["EntityAlreadyExists"]));
  });

  test("are deleted only without access keys and policies", async () => {
    const { iam } = await directory();
    const UserName = "alice";
    await iam.createUser({ UserName });
    const { AccessKey } = await iam.createAccessKey({ UserName });
    await iam.putPolicy({ UserName, PolicyName: "p", PolicyDocument: ALLOW });
    await expect(iam.deleteUser({ UserName })).rejects.toMatchObject({ name: "DeleteConflict" });
    await iam.deleteAccessKey({ UserName, AccessKeyId: AccessKey.AccessKeyId });
    await expect(iam.deleteUser({ UserName })).rejects.toMatchObject({ name: "DeleteConflict" });
    await iam.deletePolicy({ UserName, PolicyName: "p" });
    await iam.deleteUser({ UserName });
    expect((await iam.listUsers()).Users).toEqual([]);
  });

  test.each([
    ["no name", { UserName: "" }],
    ["a name with a slash", { UserName: "a/b" }],
    ["a name of 65 characters", { UserName: "a".repeat(65) }],
    ["a path without slashes", { UserName: "a", Path: "staff" }],
    ["a tag without key", { UserName: "a", Tags: [{ Key: "", Value: "" }] }],
    ["two tags of one key", { UserName: "a", Tags: ["k", "K"].map((Key) => ({ Key, Value: "" })) }],
  ])("are refused with %s", async (_what, request) => {
    const { iam } = await directory();
    await expect(iam.createUser(request)).rejects.toMatchObject({ name: "ValidationError" });
  });

  test("belong to accounts of 12 digits", async () => {
    const { principals } = await directory();
    expect(() => principals.account("1/2")).toThrow(expect.objectContaining({ name: "ValidationError" }));
  });
});

describe("policies", () => {
  test("are put, replaced, listed and deleted, of users and of roles", async () => {
    const { iam } = await directory();
    await iam.createUser({ UserName: "alice" });
    await iam.createRole({ RoleName: "app", AssumeRolePolicyDocument: TRUST });
    for (const who of [{ UserName: "alice" }, { RoleName: "app" }]) {
      await iam.putPolicy({ ...who, PolicyName: "b", PolicyDocument: ALLOW });
      await iam.putPolicy({ ...who, PolicyName: "a", PolicyDocument: ALLOW });
      await iam.putPolicy({ ...who, PolicyName: "a", PolicyDocument: ` ${ALLOW}` });
      expect(await iam.listPolicies(who)).toEqual({ PolicyNames: ["a", "b"] });
      expect(await iam.getPolicy({ ...who, PolicyName: "a" })).toMatchObject({ PolicyDocument: ` ${ALLOW}` });
      await iam.deletePolicy({ ...who, PolicyName: "a" });
      await expect(iam.getPolicy({ ...who, PolicyName: "a" })).rejects.toMatchObject({
        name: "NoSuchEntity",
      });
      await expect(iam.getPolicy({ ...who, PolicyName: "__proto__" })).rejects.toMatchObject({
        name: "NoSuchEntity",
      });
    }
  });

  test("must be documents of identities, and small enough together", async () => {
    const { iam } = await directory();
    const UserName = "alice";
    await iam.createUser({ UserName });
    const put = (PolicyName: string, PolicyDocument: string) =>
      iam.putPolicy({ UserName, PolicyName, PolicyDocument });
    const malformed = { name: "MalformedPolicyDocument" };
    await expect(put("p", "{}")).rejects.toMatchObject(malformed);
    await expect(put("p", TRUST)).rejects.toMatchObject(malformed);
    await expect(iam.putPermissionsBoundary({ UserName, PermissionsBoundary: "[]" })).rejects.toMatchObject(
      malformed,
    );
    const long = ALLOW.replace('"*"', `["*","arn:${"x".repeat(6_000)}"]`);
    await put("one", long);
    await expect(put("two", long)).rejects.toMatchObject({ name: "LimitExceeded" });
    await put("one", `${ALLOW}${" ".repeat(6_000)}`);
    await put("two", long);
  });
});

describe("roles", () => {
  test("have a trust policy, and sessions of an hour unless they say otherwise", async () => {
    const { iam } = await directory();
    const { Role } = await iam.createRole({
      RoleName: "app",
      Path: "/svc/",
      AssumeRolePolicyDocument: TRUST,
    });
    expect(Role).toMatchObject({ Arn: `arn:aws:iam::${ACCOUNT}:role/svc/app`, MaxSessionDuration: 3600 });
    expect(Role.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    await iam.updateRole({ RoleName: "app", MaxSessionDuration: 43_200 });
    expect((await iam.getRole({ RoleName: "app" })).Role.MaxSessionDuration).toBe(43_200);
    await expect(iam.updateRole({ RoleName: "app", MaxSessionDuration: 43_201 })).rejects.toMatchObject({
      name: "ValidationError",
    });
    await iam.deleteRole({ RoleName: "app" });
    expect((await iam.listRoles()).Roles).toEqual([]);
  });

  test.each([
    ["no JSON", "x"],
    ["no principal", ALLOW],
    ["a resource", TRUST.replace('"Action"', '"Resource":"*","Action"')],
    ["no action", TRUST.replace(',"Action":"sts:AssumeRole"', "")],
  ])("are refused with a trust policy that has %s", async (_what, AssumeRolePolicyDocument) => {
    const { iam } = await directory();
    await expect(iam.createRole({ RoleName: "r", AssumeRolePolicyDocument })).rejects.toMatchObject({
      name: "MalformedPolicyDocument",
    });
  });
});

describe("access keys", () => {
  test("lead to their user with its policies, boundary and tags", async () => {
    const { iam, principals } = await directory();
    const UserName = "alice";
    const { User } = await iam.createUser({ UserName, Path: "/staff/" });
    await iam.putPolicy({ UserName, PolicyName: "p", PolicyDocument: ALLOW });
    await iam.putPermissionsBoundary({ UserName, PermissionsBoundary: ALLOW });
    await iam.tag({
      UserName,
      Tags: [
        { Key: "team", Value: "shop" },
        { Key: "gone", Value: "1" },
      ],
    });
    await iam.untag({ UserName, TagKeys: ["Gone"] });
    const { AccessKey } = await iam.createAccessKey({ UserName });
    expect(AccessKey.AccessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(AccessKey.SecretAccessKey).toHaveLength(40);
    expect(await principals.find(AccessKey.AccessKeyId, undefined)).toEqual({
      accessKeyId: AccessKey.AccessKeyId,
      secretAccessKey: AccessKey.SecretAccessKey,
      accountId: ACCOUNT,
      principal: `arn:aws:iam::${ACCOUNT}:user/staff/alice`,
      identity: {
        principalId: User.UserId,
        userName: "alice",
        accessKeyId: AccessKey.AccessKeyId,
        policies: [ALLOW],
        boundary: ALLOW,
        tags: { team: "shop" },
      },
    });
  });

  test("without a user are the root user's", async () => {
    const { other, principals } = await directory();
    const { AccessKey } = await other.createAccessKey();
    const found = await principals.find(AccessKey.AccessKeyId, undefined);
    expect(found).toMatchObject({ accountId: OTHER, principal: `arn:aws:iam::${OTHER}:root` });
    expect(found).not.toHaveProperty("identity");
  });

  test("stop working when they are made inactive or deleted: at once here, and elsewhere when the cache is old", async () => {
    const store = memoryStore();
    const here = await directory({ store, keyCacheMs: 1000 });
    const there = await directory({ store, keyCacheMs: 1000 });
    const UserName = "alice";
    await here.iam.createUser({ UserName });
    const { AccessKeyId } = (await here.iam.createAccessKey({ UserName })).AccessKey;
    const works = async () => [
      (await here.principals.find(AccessKeyId, undefined)) !== undefined,
      (await there.principals.find(AccessKeyId, undefined)) !== undefined,
    ];
    expect(await works()).toEqual([true, true]);
    await here.iam.updateAccessKey({ UserName, AccessKeyId, Status: "Inactive" });
    expect(await works()).toEqual([false, true]);
    there.clock.now += 1000;
    expect(await works()).toEqual([false, false]);
    await here.iam.updateAccessKey({ UserName, AccessKeyId, Status: "Active" });
    there.clock.now += 1000;
    expect(await works()).toEqual([true, true]);
    await here.iam.deleteAccessKey({ UserName, AccessKeyId });
    expect(await works()).toEqual([false, true]);
    there.clock.now += 1000;
    expect(await works()).toEqual([false, false]);
    expect((await here.iam.listAccessKeys({ UserName })).AccessKeyMetadata).toEqual([]);
    expect((await here.contents()).some((line) => line.includes(AccessKeyId))).toBe(false);
  });

  test("are two at most", async () => {
    const { iam } = await directory();
    await Promise.all([iam.createAccessKey(), iam.createAccessKey()]);
    await expect(iam.createAccessKey()).rejects.toMatchObject({ name: "LimitExceeded" });
    expect((await iam.listAccessKeys()).AccessKeyMetadata).toHaveLength(2);
  });

  test("never stand in the store, and survive a rotation of the domain key and a restart", async () => {
    const store = memoryStore();
    const { iam, service } = await directory({ store });
    const { AccessKeyId, SecretAccessKey } = (await iam.createAccessKey()).AccessKey;
    const secret = new TextEncoder().encode(SecretAccessKey).join();
    const hex = Array.from(new TextEncoder().encode(SecretAccessKey), (byte) => byte.toString(16)).join("");
    const records = await store.list({ start: "!", end: "~~", limit: 1000 });
    for (const { value } of records) {
      expect(value.join()).not.toContain(secret);
      expect(new TextDecoder().decode(value)).not.toContain(hex);
    }
    await service.rotateDomainKey();
    await service.close();
    const again = await directory({ store });
    expect((await again.principals.find(AccessKeyId, undefined))?.secretAccessKey).toBe(SecretAccessKey);
  });

  test("are texts that may be anything in a request", async () => {
    const { principals } = await directory();
    for (const id of ["", "AKIA", "../../x", "AKIA ABCDEFGHIJKLMN", "ä".repeat(600), "AKIAABCDEFGHIJKLMNOP"])
      expect(await principals.find(id, undefined)).toBeUndefined();
  });
});
