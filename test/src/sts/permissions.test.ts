/** What identity policies allow and deny, through the official SDK: of a user, and of a role's session. */
import { CreateKeyCommand, DescribeKeyCommand, EncryptCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { type AccessKey, HOME, keyOf, kmsOf, ROOT, start, stsOf, userOf } from "./setting.ts";

const DENIED = { name: "AccessDeniedException" };

function policy(Effect: "Allow" | "Deny", Action: string): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: { Effect, Action, Resource: "*" } });
}

test("a user and a session may do what their policies say, until they say otherwise", async () => {
  const setting = await start();
  try {
    const iam = await setting.kms.iam();
    const { KeyMetadata } = await kmsOf(setting, ROOT).send(new CreateKeyCommand({}));
    const KeyId = KeyMetadata?.Arn;
    const encrypt = (key: AccessKey) =>
      kmsOf(setting, key).send(new EncryptCommand({ KeyId, Plaintext: new Uint8Array(3) }));
    const alice = await userOf(setting, HOME, "alice");
    await expect(encrypt(alice)).rejects.toMatchObject(DENIED);
    const put = (PolicyDocument: string) =>
      iam.putPolicy({ UserName: "alice", PolicyName: "keys", PolicyDocument });
    await put(policy("Allow", "kms:Encrypt"));
    expect((await encrypt(alice)).CiphertextBlob).toBeDefined();
    await expect(kmsOf(setting, alice).send(new ListKeysCommand({}))).rejects.toMatchObject(DENIED);
    await iam.putPermissionsBoundary({
      UserName: "alice",
      PermissionsBoundary: policy("Allow", "kms:Describe*"),
    });
    await expect(encrypt(alice)).rejects.toMatchObject(DENIED);
    await iam.deletePermissionsBoundary({ UserName: "alice" });
    await put(policy("Deny", "kms:*"));
    await expect(encrypt(alice)).rejects.toMatchObject(DENIED);

    const trust = {
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${HOME}:user/alice` },
        Action: "sts:AssumeRole",
      },
    };
    const { Role } = await iam.createRole({
      RoleName: "app",
      AssumeRolePolicyDocument: JSON.stringify(trust),
    });
    await iam.putPolicy({ RoleName: "app", PolicyName: "keys", PolicyDocument: policy("Allow", "kms:*") });
    const assumed = await stsOf(setting, alice).send(
      new AssumeRoleCommand({
        RoleArn: Role.Arn,
        RoleSessionName: "narrow",
        Policy: policy("Allow", "kms:Encrypt"),
      }),
    );
    const session = keyOf(assumed.Credentials);
    expect((await encrypt(session)).CiphertextBlob).toBeDefined();
    const describe = new DescribeKeyCommand({ KeyId });
    await expect(kmsOf(setting, session).send(describe)).rejects.toMatchObject(DENIED);
    await iam.putPolicy({ RoleName: "app", PolicyName: "keys", PolicyDocument: policy("Deny", "kms:*") });
    await expect(encrypt(session)).rejects.toMatchObject(DENIED);
  } finally {
    await setting.stop();
  }
});
