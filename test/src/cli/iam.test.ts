/** `kmslite iam …`, as an operator keeps users and roles. */
import { expect, test } from "vitest";
import { kmslite, temporaryFolder } from "./kmslite.ts";

const ALLOW = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:*","Resource":"*"}}';
const TRUST =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}}';

async function folder() {
  const cwd = temporaryFolder();
  expect((await kmslite(["init"], { cwd })).code).toBe(0);
  const iam = (...args: string[]) =>
    kmslite(["iam", ...args, "--account", "111122223333", "--json"], { cwd });
  const read = async (...args: string[]) => {
    const { code, stdout, stderr } = await iam(...args);
    expect([code, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout.toString("utf8"));
  };
  return { cwd, iam, read };
}

test("makes, shows and deletes users with policies, boundaries, tags and access keys", async () => {
  const { cwd, iam, read } = await folder();
  const user = await read("user", "create", "alice", "--path", "/staff/", "--tag", "team=shop");
  expect(user).toMatchObject({ Arn: "arn:aws:iam::111122223333:user/staff/alice" });
  const who = ["--user", "alice"];
  await read("policy", "put", "keys", ...who, "--document", ALLOW);
  await read("boundary", "put", ...who, "--document", ALLOW);
  await read("tag", ...who, "--tag", "cost=7", "--remove", "team");
  expect(await read("policy", "list", ...who)).toEqual({ policies: ["keys"] });
  expect(await read("policy", "show", "keys", ...who)).toMatchObject({ PolicyDocument: ALLOW });
  const { users } = await read("user", "list");
  expect(users).toMatchObject([{ PermissionsBoundary: ALLOW, Tags: [{ Key: "cost", Value: "7" }] }]);
  const key = await read("access-key", "create", ...who);
  expect(key.SecretAccessKey).toHaveLength(40);
  const listed = await kmslite(["iam", "access-key", "list", ...who, "--account", "111122223333"], { cwd });
  expect(listed.stdout.toString()).toContain(key.AccessKeyId);
  expect(listed.stdout.toString()).not.toContain(key.SecretAccessKey);
  await read("access-key", "deactivate", key.AccessKeyId, ...who);
  expect((await read("access-key", "list", ...who)).accessKeys).toMatchObject([{ Status: "Inactive" }]);
  const conflict = await iam("user", "delete", "alice");
  expect(conflict.code).toBe(1);
  expect(JSON.parse(conflict.stderr)).toMatchObject({ error: "DeleteConflict" });
  await read("access-key", "delete", key.AccessKeyId, ...who);
  await read("boundary", "delete", ...who);
  await read("policy", "delete", "keys", ...who);
  await read("user", "delete", "alice");
  expect(await read("user", "list")).toEqual({ users: [] });
});

test("makes and changes roles, and lists the accounts that there are", async () => {
  const { read } = await folder();
  await read("role", "create", "app", "--trust", TRUST, "--max-session", "7200");
  const changed = await read("role", "update", "app", "--max-session", "43200");
  expect(changed).toMatchObject({ MaxSessionDuration: 43_200, AssumeRolePolicyDocument: TRUST });
  expect((await read("role", "list")).roles).toHaveLength(1);
  await read("role", "delete", "app");
  expect(await read("role", "list")).toEqual({ roles: [] });
  expect((await read("account", "list")).accounts).toMatchObject([{ Id: "111122223333" }]);
});

test("refuses with IAM's names, and what it does not understand with an exit code of its own", async () => {
  const { iam } = await folder();
  const outcome = async (...args: string[]) => {
    const { code, stderr } = await iam(...args);
    return [code, code === 1 ? JSON.parse(stderr).error : undefined];
  };
  expect(await outcome("user", "create", "a/b")).toEqual([1, "ValidationError"]);
  expect(await outcome("user", "delete", "nobody")).toEqual([1, "NoSuchEntity"]);
  expect(await outcome("role", "create", "r", "--trust", "{}")).toEqual([1, "MalformedPolicyDocument"]);
  expect(await outcome("access-key", "create")).toEqual([2, undefined]);
  expect(await outcome("policy", "list", "--user", "a", "--role", "b")).toEqual([2, undefined]);
  expect(await outcome("tag", "--user", "a")).toEqual([2, undefined]);
  expect(await outcome("policy", "put", "p", "--user", "a", "--document", "missing.json")).toEqual([
    5,
    undefined,
  ]);
});
