/** Sessions of roles: stateless, sealed, and known to every process over the same store. */
import { memoryStore } from "@kmslite/store";
import { expect, test } from "vitest";
import { open } from "../../test-support/open.ts";

const ACCOUNT = "111122223333";
const POLICY = '{"Statement":{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}}';
const CALLER = { accountId: ACCOUNT, region: "us-east-1", principal: `arn:aws:iam::${ACCOUNT}:user/alice` };
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal: { AWS: CALLER.principal },
    Action: ["sts:AssumeRole", "sts:TagSession"],
  },
});
const REQUEST = {
  RoleArn: `arn:aws:iam::${ACCOUNT}:role/svc/app`,
  RoleSessionName: "session",
  Policy: POLICY,
  Tags: [{ Key: "Team", Value: "shop" }],
  TransitiveTagKeys: ["team"],
};

test("a session that one process began is known to another, and nothing was written for it", async () => {
  const store = memoryStore();
  const here = await open({ store });
  const principals = await here.service.directory();
  await principals.account(ACCOUNT).createRole({
    RoleName: "app",
    Path: "/svc/",
    AssumeRolePolicyDocument: TRUST,
    Tags: [
      { Key: "team", Value: "none" },
      { Key: "kind", Value: "app" },
    ],
  });
  const before = await here.contents();
  const session = await principals.assumeRole(CALLER, REQUEST);
  expect(await here.contents()).toEqual(before);
  await here.service.rotateDomainKey();
  await here.service.close();
  const there = await (await open({ store })).service.directory();
  const found = await there.find(session.accessKeyId, session.sessionToken);
  expect(found).toMatchObject({
    secretAccessKey: session.secretAccessKey,
    expiresAt: session.expiresAt,
    principal: `arn:aws:sts::${ACCOUNT}:assumed-role/app/session`,
    identity: {
      principalId: session.assumedRoleId,
      roleArn: REQUEST.RoleArn,
      sessionName: "session",
      sessionPolicies: [POLICY],
      policies: [],
      transitiveTagKeys: ["Team"],
    },
  });
  expect(found?.identity?.tags).toEqual({ Team: "shop", kind: "app" });
});

test("a session token shows nothing of what it carries, and no other store makes one that is taken", async () => {
  const here = await open();
  const principals = await here.service.directory();
  await principals
    .account(ACCOUNT)
    .createRole({ RoleName: "app", Path: "/svc/", AssumeRolePolicyDocument: TRUST });
  const { accessKeyId, sessionToken, secretAccessKey } = await principals.assumeRole(CALLER, REQUEST);
  for (const text of ["kms:Decrypt", "session", secretAccessKey, ACCOUNT])
    expect(atob(sessionToken)).not.toContain(text);
  for (const changed of ["", "x", "=", sessionToken.slice(4), `${sessionToken}AAAA`, "A".repeat(100_000)])
    expect(await principals.find(accessKeyId, changed)).toBeUndefined();
  const { service } = await open();
  const stranger = await service.directory();
  await stranger
    .account(ACCOUNT)
    .createRole({ RoleName: "app", Path: "/svc/", AssumeRolePolicyDocument: TRUST });
  expect(await stranger.find(accessKeyId, sessionToken)).toEqual(undefined);
});

test("a principal of another account than its caller's, and one that is none, can assume no role", async () => {
  const { service } = await open();
  const principals = await service.directory();
  await principals
    .account(ACCOUNT)
    .createRole({ RoleName: "app", Path: "/svc/", AssumeRolePolicyDocument: TRUST });
  for (const caller of [
    { ...CALLER, accountId: "444455556666" },
    { ...CALLER, principal: "arn:aws:iam::111122223333:role/svc/app" },
    { ...CALLER, principal: "s3.amazonaws.com" },
  ])
    await expect(principals.assumeRole(caller, REQUEST)).rejects.toMatchObject({ name: "AccessDenied" });
});
