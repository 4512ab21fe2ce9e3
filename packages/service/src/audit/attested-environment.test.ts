import { expect, test } from "vitest";
import { recipientOf, testHypervisor } from "../../test-support/attestation.ts";
import { open } from "../../test-support/open.ts";
import type { AttestationDocument } from "../recipient/attestation-document.ts";
import { attestedEnvironment } from "./attested-environment.ts";
import type { AuditEvent } from "./event.ts";

const NOW = Date.UTC(2026, 0, 1);

test("the event of an answer for an enclave tells of it, and not of its document", async () => {
  const events: AuditEvent[] = [];
  const nitro = testHypervisor(NOW);
  const audit = async (batch: readonly AuditEvent[]) => {
    events.push(...batch);
  };
  const { kms, service, key } = await open({ audit, nitroRoots: [nitro.root] });
  const KeyId = await key();
  const document = nitro.document({ timestamp: NOW });
  await kms.generateDataKey({ KeyId, KeySpec: "AES_256", Recipient: recipientOf(document) });
  await kms.generateRandom({ NumberOfBytes: 1, Recipient: recipientOf(document) });
  const altered = document.subarray(1);
  await expect(kms.generateRandom({ NumberOfBytes: 1, Recipient: recipientOf(altered) })).rejects.toThrow();
  await service.close();
  const recipient = {
    attestationDocumentModuleId: "i-0123456789abcdef0-enc0123456789abcdef",
    attestationDocumentEnclaveImageDigest: "ab".repeat(48),
    attestationDocumentEnclavePCR1: "01".repeat(48),
  };
  const [, ofDataKey, ofRandom, refused] = events;
  expect(ofDataKey?.additionalEventData).toEqual({ keyMaterialId: expect.any(String), recipient });
  expect(ofDataKey?.requestParameters).toEqual({ keyId: KeyId, keySpec: "AES_256" });
  expect(ofRandom?.additionalEventData).toEqual({ recipient });
  expect(refused).toMatchObject({ errorCode: "ValidationException" });
  expect(refused).not.toHaveProperty("additionalEventData");
});

test("NitroTPM has registers of other names", () => {
  const document: AttestationDocument = {
    moduleId: "i-0123456789abcdef0-tpm0000000000000000",
    timestamp: 1,
    attester: "nitroTpm",
    registers: new Map([
      [0, Uint8Array.of(0)],
      [4, Uint8Array.of(4)],
      [23, Uint8Array.of(0xff)],
    ]),
    certificate: new Uint8Array(1),
    authorities: [],
    publicKey: undefined,
  };
  expect(attestedEnvironment(document)).toEqual({
    attestationDocumentModuleId: "i-0123456789abcdef0-tpm0000000000000000",
    attestationDocumentNitroTPMPCR4: "04",
    attestationDocumentNitroTPMPCR23: "ff",
  });
});
