import { createHash, X509Certificate } from "node:crypto";
import { parseCertificate } from "@kmslite/crypto/x509";
import { expect, test } from "vitest";
import { testHypervisor } from "../../test-support/attestation.ts";
import { open } from "../../test-support/open.ts";
import { awsNitroRoots, nitroRootsOf } from "./nitro-roots.ts";

test("the default root is the one that AWS publishes the digest of", () => {
  const [root = new Uint8Array(0), ...others] = awsNitroRoots();
  expect(others).toEqual([]);
  expect(createHash("sha256").update(root).digest("hex")).toBe(
    "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b",
  );
  const certificate = new X509Certificate(root);
  expect(certificate.subject).toContain("CN=aws.nitro-enclaves");
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  const read = parseCertificate(root);
  expect(read).toMatchObject({ isAuthority: true, signsCertificates: true, pathLength: undefined });
  expect(new Date(read.notBefore)).toEqual(new Date(certificate.validFrom));
  expect(new Date(read.notAfter)).toEqual(new Date(certificate.validTo));
});

test("roots are given as DER, or as any number of certificates in PEM", () => {
  const [one, two] = [testHypervisor(Date.UTC(2026, 0, 1)), testHypervisor(Date.UTC(2026, 0, 1))];
  const read = nitroRootsOf([`A comment\n${one.rootPem}${two.rootPem}`, one.root]);
  expect(read.map((root) => Buffer.from(root))).toEqual([one.root, two.root, one.root]);
});

test.each<[string, Uint8Array | string]>([
  ["a text without a certificate", "no certificate"],
  ["bytes that are no certificate", Uint8Array.of(0x30, 0)],
  ["PEM of something else", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"],
  ["PEM that is not base64", "-----BEGIN CERTIFICATE-----\n=A=\n-----END CERTIFICATE-----"],
])("%s does not open a service", async (_name, root) => {
  await expect(open({ nitroRoots: [root] })).rejects.toThrow(RangeError);
});
