import { expect, test } from "vitest";
import type { AttestationDocument } from "./attestation-document.ts";
import { attestationConditions } from "./condition-keys.ts";

const document: AttestationDocument = {
  moduleId: "i-0123456789abcdef0-enc0123456789abcdef",
  timestamp: 1,
  attester: "enclave",
  registers: new Map([
    [0, Uint8Array.of(0xab, 0x01)],
    [31, Uint8Array.of(0x0f)],
  ]),
  certificate: new Uint8Array(1),
  authorities: [],
  publicKey: undefined,
};

test("an enclave's registers, and the digest of its image", () => {
  expect(attestationConditions(document)).toEqual({
    "kms:RecipientAttestation:PCR0": "ab01",
    "kms:RecipientAttestation:PCR31": "0f",
    "kms:RecipientAttestation:ImageSha384": "ab01",
  });
});

test("NitroTPM's registers are named otherwise, and measure no image", () => {
  expect(attestationConditions({ ...document, attester: "nitroTpm" })).toEqual({
    "kms:RecipientAttestation:NitroTPMPCR0": "ab01",
    "kms:RecipientAttestation:NitroTPMPCR31": "0f",
  });
});
