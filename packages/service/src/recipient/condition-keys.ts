/** What policies can ask of an attested environment. */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { AttestationDocument } from "./attestation-document.ts";

/**
 * The values of the `kms:RecipientAttestation:…` condition keys, by their names. Registers are in lower-case hexadecimal;
 * `ImageSha384` is an enclave's register 0, the digest of its image.
 */
export function attestationConditions({
  attester,
  registers,
}: AttestationDocument): Readonly<Record<string, string>> {
  const prefix = attester === "enclave" ? "PCR" : "NitroTPMPCR";
  const conditions: Record<string, string> = {};
  for (const [index, register] of registers) {
    conditions[`kms:RecipientAttestation:${prefix}${index}`] = bytesToHex(register);
  }
  const image = attester === "enclave" ? registers.get(0) : undefined;
  if (image !== undefined) conditions["kms:RecipientAttestation:ImageSha384"] = bytesToHex(image);
  return conditions;
}
