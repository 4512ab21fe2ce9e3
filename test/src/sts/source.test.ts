/** Where a request came from, as the real server and the Lambda handler tell it to policies. */
import { createHash } from "node:crypto";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import aws4 from "aws4";
import { createKms, ephemeralRootKey, memoryStore } from "kmslite";
import { lambdaHandler } from "kmslite/lambda";
import { expect, test } from "vitest";
import { kmslite, serve, temporaryFolder } from "../cli/kmslite.ts";
import { HOME } from "./setting.ts";

const trust = (Condition: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${HOME}:user/alice` },
      Action: "sts:AssumeRole",
      Condition,
    },
  });
const FROM_HERE = {
  IpAddress: { "aws:SourceIp": "127.0.0.0/8" },
  StringLike: { "aws:UserAgent": "*aws-sdk-js*" },
  Bool: { "aws:SecureTransport": "false" },
};
const FROM_ELSEWHERE = { IpAddress: { "aws:SourceIp": "198.51.100.0/24" } };

test("the server knows the address, the user agent, and whether the connection is encrypted", async () => {
  const cwd = temporaryFolder();
  const iam = async (...args: string[]) => {
    const { code, stdout } = await kmslite(["iam", ...args, "--account", HOME, "--json"], { cwd });
    expect(code).toBe(0);
    return JSON.parse(stdout.toString("utf8"));
  };
  expect((await kmslite(["init", "--account", HOME], { cwd })).code).toBe(0);
  await iam("user", "create", "alice");
  const key = await iam("access-key", "create", "--user", "alice");
  await iam("role", "create", "here", "--trust", trust(FROM_HERE));
  await iam("role", "create", "elsewhere", "--trust", trust(FROM_ELSEWHERE));
  const server = await serve(["--port", "0", "--json", "--account", HOME], { cwd });
  const sts = new STSClient({
    endpoint: server.started().endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey },
    maxAttempts: 1,
  });
  const assume = (role: string) =>
    sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${HOME}:role/${role}`, RoleSessionName: "s1" }));
  expect((await assume("here")).Credentials).toBeDefined();
  await expect(assume("elsewhere")).rejects.toMatchObject({ name: "AccessDenied" });
  sts.destroy();
});

test("a function of Lambda knows the address by its event, and that what stands before it speaks TLS", async () => {
  const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore(), account: HOME });
  const iam = await kms.iam();
  await iam.createUser({ UserName: "alice" });
  const { AccessKeyId, SecretAccessKey } = (await iam.createAccessKey({ UserName: "alice" })).AccessKey;
  const condition = { ...FROM_ELSEWHERE, Bool: { "aws:SecureTransport": "true" } };
  await iam.createRole({ RoleName: "app", AssumeRolePolicyDocument: trust(condition) });
  const handle = lambdaHandler(async () => ({ kms, accessKeys: [] }));
  const body = new URLSearchParams({
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: `arn:aws:iam::${HOME}:role/app`,
    RoleSessionName: "s1",
  }).toString();
  const statusFrom = async (sourceIp: string | undefined) => {
    const signed = aws4.sign(
      {
        host: "kms.example",
        method: "POST",
        path: "/",
        service: "sts",
        region: "us-east-1",
        body,
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "x-amz-content-sha256": createHash("sha256").update(body).digest("hex"),
        },
      },
      { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey },
    );
    const http = { method: "POST", ...(sourceIp === undefined ? {} : { sourceIp }) };
    const headers = Object.fromEntries(
      Object.entries(signed.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    return (await handle({ headers, rawPath: "/", rawQueryString: "", requestContext: { http }, body }))
      .statusCode;
  };
  expect(await statusFrom("198.51.100.7")).toBe(200);
  expect(await statusFrom("203.0.113.7")).toBe(403);
  expect(await statusFrom(undefined)).toBe(403);
  await kms.close();
});
