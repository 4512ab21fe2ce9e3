/** GenerateMac and VerifyMac: every HMAC, its edges, and every way to be refused. */
import { describe, expect, test } from "vitest";
import { type Opened, open } from "../../test-support/open.ts";

const Message = new TextEncoder().encode("attack at dawn");

const KEYS = [
  ["HMAC_224", "HMAC_SHA_224", 28],
  ["HMAC_256", "HMAC_SHA_256", 32],
  ["HMAC_384", "HMAC_SHA_384", 48],
  ["HMAC_512", "HMAC_SHA_512", 64],
] as const;

async function keyOf({ kms }: Pick<Opened, "kms">, KeySpec: (typeof KEYS)[number][0]) {
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage: "GENERATE_VERIFY_MAC" });
  return KeyMetadata ?? { KeyId: undefined, Arn: undefined };
}

describe.each(KEYS)("%s with %s", (KeySpec, MacAlgorithm, length) => {
  test("authenticates 1 to 4,096 bytes; the MAC verifies as a whole, for its message and key alone", async () => {
    const { kms } = await open();
    const [{ KeyId, Arn }, other] = [await keyOf({ kms }, KeySpec), await keyOf({ kms }, KeySpec)];
    for (const message of [Uint8Array.of(0), Message, new Uint8Array(4096).fill(3)]) {
      const request = { KeyId, Message: message, MacAlgorithm };
      const made = await kms.generateMac(request);
      expect(made).toMatchObject({ KeyId: Arn, MacAlgorithm });
      const { Mac = new Uint8Array() } = made;
      expect(Mac).toHaveLength(length);
      expect((await kms.generateMac(request)).Mac).toEqual(Mac);
      expect(await kms.verifyMac({ ...request, Mac })).toMatchObject({
        KeyId: Arn,
        MacAlgorithm,
        MacValid: true,
      });
      const edited = Mac.slice();
      edited[0] = (edited[0] ?? 0) ^ 1;
      for (const wrong of [
        { ...request, Mac: edited },
        { ...request, Mac: Mac.subarray(0, length - 1) },
        { ...request, Mac: new Uint8Array([...Mac, 0]) },
        { ...request, Mac: new Uint8Array(6144) },
        { ...request, Mac, Message: Uint8Array.of(1) },
        { ...request, Mac, KeyId: other.KeyId },
      ]) {
        const refusal = { name: "KMSInvalidMacException", message: "" };
        await expect(kms.verifyMac(wrong)).rejects.toMatchObject(refusal);
        await expect(kms.verifyMac({ ...wrong, DryRun: true })).rejects.toMatchObject(refusal);
      }
    }
  });

  test("knows no other algorithm", async () => {
    const { kms } = await open();
    const { KeyId } = await keyOf({ kms }, KeySpec);
    for (const [, other] of KEYS) {
      if (other === MacAlgorithm) continue;
      const refusal = {
        name: "InvalidKeyUsageException",
        message: `Algorithm ${other} is incompatible with key spec ${KeySpec}.`,
      };
      const request = { KeyId, Message, MacAlgorithm: other };
      await expect(kms.generateMac(request)).rejects.toMatchObject(refusal);
      await expect(kms.verifyMac({ ...request, Mac: Message })).rejects.toMatchObject(refusal);
    }
  });
});

test.each([
  ["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"],
  ["ECC_NIST_P256", "SIGN_VERIFY"],
] as const)("a key of spec %s for %s authenticates no message", async (KeySpec, KeyUsage) => {
  const { kms } = await open();
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage });
  const request = { KeyId: KeyMetadata?.KeyId, Message, MacAlgorithm: "HMAC_SHA_256" } as const;
  const refusal = (operation: string) => ({
    name: "InvalidKeyUsageException",
    message: `${KeyMetadata?.Arn} key usage is ${KeyUsage} which is not valid for ${operation}.`,
  });
  await expect(kms.generateMac(request)).rejects.toMatchObject(refusal("GenerateMac"));
  await expect(kms.verifyMac({ ...request, Mac: Message })).rejects.toMatchObject(refusal("VerifyMac"));
});

test("the edges of the constraints hold, and a dry run makes no MAC", async () => {
  const { kms } = await open();
  const { KeyId } = await keyOf({ kms }, "HMAC_256");
  const request = { KeyId, Message, MacAlgorithm: "HMAC_SHA_256" } as const;
  const { Mac } = await kms.generateMac(request);
  const invalid = { name: "ValidationException" };
  for (const input of [
    { ...request, Message: new Uint8Array(0) },
    { ...request, Message: new Uint8Array(4097) },
    { ...request, Message: undefined },
    { ...request, MacAlgorithm: undefined },
  ]) {
    await expect(kms.generateMac(input)).rejects.toMatchObject(invalid);
    await expect(kms.verifyMac({ ...input, Mac })).rejects.toMatchObject(invalid);
  }
  for (const wrong of [undefined, new Uint8Array(0), new Uint8Array(6145)]) {
    await expect(kms.verifyMac({ ...request, Mac: wrong })).rejects.toMatchObject(invalid);
  }
  const dry = { name: "DryRunOperationException" };
  await expect(kms.generateMac({ ...request, DryRun: true })).rejects.toMatchObject(dry);
  await expect(kms.verifyMac({ ...request, Mac, DryRun: true })).rejects.toMatchObject(dry);
});

test("a disabled key says so, and works again when it is enabled", async () => {
  const { kms } = await open();
  const { KeyId, Arn } = await keyOf({ kms }, "HMAC_512");
  const request = { KeyId, Message, MacAlgorithm: "HMAC_SHA_512" } as const;
  const { Mac } = await kms.generateMac(request);
  await kms.disableKey({ KeyId });
  const refusal = { name: "DisabledException", message: `${Arn} is disabled.` };
  await expect(kms.generateMac(request)).rejects.toMatchObject(refusal);
  await expect(kms.verifyMac({ ...request, Mac })).rejects.toMatchObject(refusal);
  await kms.enableKey({ KeyId });
  expect((await kms.verifyMac({ ...request, Mac })).MacValid).toBe(true);
});
