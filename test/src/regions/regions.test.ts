/** One process that serves several Regions, by the official SDK: in the process, over Fetch, and as the command. */
import { join } from "node:path";
import { KMS } from "@aws-sdk/client-kms";
import { createKms, ephemeralRootKey, type Kms, memoryStore } from "kmslite";
import { expect, onTestFinished, test } from "vitest";
import { serve, temporaryFolder } from "../cli/kmslite.ts";

const credentials = { accessKeyId: "id", secretAccessKey: "a secret of one's own" };
const Plaintext = new TextEncoder().encode("attack at dawn");

async function openRegions(): Promise<Kms> {
  const kms = await createKms({
    root: ephemeralRootKey(),
    store: memoryStore(),
    region: "us-east-1",
    otherRegions: ["eu-west-1", "us-east-1"],
  });
  onTestFinished(() => kms.close());
  return kms;
}

/** Makes a multi-Region key at one client, replicates it, and decrypts at the other what the first encrypted. */
async function useBoth(east: KMS, west: KMS): Promise<void> {
  const { KeyMetadata } = await east.createKey({ MultiRegion: true });
  const KeyId = KeyMetadata?.KeyId ?? "";
  const replicated = await east.replicateKey({ KeyId, ReplicaRegion: "eu-west-1" });
  expect(replicated.ReplicaKeyMetadata?.Arn).toBe(KeyMetadata?.Arn?.replace("us-east-1", "eu-west-1"));
  const { CiphertextBlob } = await east.encrypt({ KeyId, Plaintext });
  expect(await west.decrypt({ CiphertextBlob })).toMatchObject({
    Plaintext,
    KeyId: replicated.ReplicaKeyMetadata?.Arn,
  });
  await east.updatePrimaryRegion({ KeyId, PrimaryRegion: "eu-west-1" });
  const described = await east.describeKey({ KeyId });
  expect(described.KeyMetadata?.MultiRegionConfiguration).toMatchObject({
    MultiRegionKeyType: "REPLICA",
    PrimaryKey: { Region: "eu-west-1" },
    ReplicaKeys: [{ Region: "us-east-1" }],
  });
  await expect(west.describeKey({ KeyId: KeyMetadata?.Arn })).rejects.toMatchObject({
    name: "NotFoundException",
  });
}

test("its Regions are apart in the process, and the official SDK is at home in each", async () => {
  const kms = await openRegions();
  expect(kms.regions).toEqual(["us-east-1", "eu-west-1"]);
  expect(kms.in("us-east-1").region).toBe(kms.region);
  expect(() => kms.in("eu-west-2")).toThrow(RangeError);
  const client = (region: string) =>
    new KMS({ region, credentials, requestHandler: kms.in(region).requestHandler() });
  await useBoth(client("us-east-1"), client("eu-west-1"));
  const KeyId = (await kms.in("eu-west-1").createKey({ MultiRegion: true })).KeyMetadata?.KeyId;
  await expect(
    kms.in("eu-west-1").replicateKey({ KeyId, ReplicaRegion: "ap-south-1" }),
  ).rejects.toMatchObject({
    name: "UnsupportedOperationException",
  });
});

test("a request's Region is the one that it is signed for, and no other than those served", async () => {
  const server = await serve([
    ...["--port", "0", "--data", join(temporaryFolder(), "data"), "--json"],
    ...["--region", "us-east-1", "--other-regions", "eu-west-1,ap-south-1"],
  ]);
  const { endpoint, accessKeyId, secretAccessKey = "", regions } = server.started();
  expect(regions).toEqual(["us-east-1", "eu-west-1", "ap-south-1"]);
  const client = (region: string) =>
    new KMS({ endpoint, region, maxAttempts: 1, credentials: { accessKeyId, secretAccessKey } });
  await useBoth(client("us-east-1"), client("eu-west-1"));
  await expect(client("eu-west-2").listKeys({})).rejects.toMatchObject({ name: "InvalidSignatureException" });
  expect((await server.stop()).code).toBe(0);
});
