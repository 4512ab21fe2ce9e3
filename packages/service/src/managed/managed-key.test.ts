/** AWS managed keys: made for services, rotated yearly, nobody's to change or share. */
import { describe, expect, test } from "vitest";
import { CALLER, type Opened, open } from "../../test-support/open.ts";
import { kmsMethods } from "../index.ts";

const PLAINTEXT = new Uint8Array(3);
const YEAR = 365 * 86_400_000;

const through = ({ service }: Opened, name: string) => kmsMethods(service, { ...CALLER, service: name });

describe("an AWS managed key", () => {
  test.each([
    ["s3.us-east-1.amazonaws.com", "alias/aws/s3"],
    ["s3.amazonaws.com", "alias/aws/s3"],
    ["ec2.us-east-1.amazonaws.com", "alias/aws/ebs"],
  ])("is made when %s first names %s, once", async (name, alias) => {
    const all = await open();
    const kms = through(all, name);
    const made = await Promise.all(
      Array.from({ length: 4 }, () => kms.encrypt({ KeyId: alias, Plaintext: PLAINTEXT })),
    );
    expect(new Set(made.map(({ KeyId }) => KeyId)).size).toBe(1);
    const { KeyMetadata } = await all.kms.describeKey({ KeyId: alias });
    expect(KeyMetadata).toMatchObject({ KeyManager: "AWS", Enabled: true, Arn: made[0]?.KeyId });
    expect((await all.kms.listAliases({})).Aliases?.map(({ AliasName }) => AliasName)).toEqual([alias]);
    const { CiphertextBlob } = made[0] ?? {};
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(PLAINTEXT);
  });

  test("is not made for a customer, nor for another service", async () => {
    const all = await open();
    const use = { KeyId: "alias/aws/s3", Plaintext: PLAINTEXT };
    for (const kms of [all.kms, through(all, "rds.us-east-1.amazonaws.com")]) {
      await expect(kms.encrypt(use)).rejects.toMatchObject({ name: "NotFoundException" });
    }
    expect((await all.kms.listKeys({})).Keys).toEqual([]);
  });

  test("is rotated every year, and still decrypts", async () => {
    const all = await open();
    const kms = through(all, "s3.amazonaws.com");
    const { KeyId, CiphertextBlob } = await kms.encrypt({ KeyId: "alias/aws/s3", Plaintext: PLAINTEXT });
    expect(await all.kms.getKeyRotationStatus({ KeyId })).toMatchObject({
      KeyRotationEnabled: true,
      RotationPeriodInDays: 365,
    });
    all.clock.now += YEAR;
    await all.service.runDueWork();
    expect((await all.kms.listKeyRotations({ KeyId })).Rotations).toHaveLength(1);
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(PLAINTEXT);
  });

  test("can be looked at, and has a policy that lets the service in", async () => {
    const all = await open();
    const { KeyId } = await through(all, "s3.amazonaws.com").encrypt({
      KeyId: "alias/aws/s3",
      Plaintext: PLAINTEXT,
    });
    const { Policy = "" } = await all.kms.getKeyPolicy({ KeyId });
    expect(JSON.parse(Policy).Statement[0].Condition.StringEquals).toEqual({
      "kms:ViaService": "s3.us-east-1.amazonaws.com",
      "kms:CallerAccount": "111122223333",
    });
    expect((await all.kms.listGrants({ KeyId })).Grants).toEqual([]);
  });

  test("can't be changed or shared, by a customer or a service", async () => {
    const all = await open();
    const s3 = through(all, "s3.amazonaws.com");
    const { KeyId } = await s3.encrypt({ KeyId: "alias/aws/s3", Plaintext: PLAINTEXT });
    const other = await all.key();
    const before = await all.contents();
    const Policy = JSON.stringify({
      Statement: { Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" },
    });
    for (const kms of [all.kms, s3]) {
      const changes = [
        kms.disableKey({ KeyId }),
        kms.enableKey({ KeyId }),
        kms.scheduleKeyDeletion({ KeyId }),
        kms.cancelKeyDeletion({ KeyId }),
        kms.enableKeyRotation({ KeyId }),
        kms.disableKeyRotation({ KeyId }),
        kms.rotateKeyOnDemand({ KeyId }),
        kms.putKeyPolicy({ KeyId, Policy }),
        kms.tagResource({ KeyId, Tags: [{ TagKey: "a", TagValue: "b" }] }),
        kms.untagResource({ KeyId, TagKeys: ["a"] }),
        kms.updateKeyDescription({ KeyId, Description: "mine" }),
        kms.createAlias({ AliasName: "alias/mine", TargetKeyId: KeyId }),
      ];
      const refusal = {
        name: "AccessDeniedException",
        message: expect.stringMatching(/because no resource-based policy allows the kms:\w+ action$/),
      };
      await Promise.all(changes.map((change) => expect(change).rejects.toMatchObject(refusal)));
    }
    const share = { KeyId, GranteePrincipal: CALLER.principal, Operations: ["Decrypt" as const] };
    await expect(all.kms.createGrant(share)).rejects.toMatchObject({ name: "AccessDeniedException" });
    for (const change of [
      all.kms.deleteAlias({ AliasName: "alias/aws/s3" }),
      all.kms.updateAlias({ AliasName: "alias/aws/s3", TargetKeyId: other }),
    ]) {
      await expect(change).rejects.toMatchObject({ name: "NotAuthorizedException" });
    }
    expect(await all.contents()).toEqual(before);
    await s3.createGrant(share);
  });
});
