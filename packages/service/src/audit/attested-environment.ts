/**
 * What an event tells of the environment that an answer is for: what CloudTrail tells (AWS KMS Developer Guide, "Monitoring requests
 * for Nitro enclaves" and "… for NitroTPM"), which are the registers that somebody measures.
 */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { AttestationDocument } from "../recipient/attestation-document.ts";

/** How CloudTrail names the registers, and which of them. */
const REGISTERS: Readonly<
  Record<AttestationDocument["attester"], readonly (readonly [index: number, name: string])[]>
> = {
  enclave: [
    [0, "EnclaveImageDigest"],
    [1, "EnclavePCR1"],
    [2, "EnclavePCR2"],
    [3, "EnclavePCR3"],
    [4, "EnclavePCR4"],
    [8, "EnclavePCR8"],
  ],
  nitroTpm: [
    [4, "NitroTPMPCR4"],
    [7, "NitroTPMPCR7"],
    [8, "NitroTPMPCR8"],
    [9, "NitroTPMPCR9"],
    [16, "NitroTPMPCR16"],
    [23, "NitroTPMPCR23"],
  ],
};

export function attestedEnvironment({
  moduleId,
  attester,
  registers,
}: AttestationDocument): Readonly<Record<string, string>> {
  const told: Record<string, string> = { attestationDocumentModuleId: moduleId };
  for (const [index, name] of REGISTERS[attester]) {
    const register = registers.get(index);
    if (register !== undefined) told[`attestationDocument${name}`] = bytesToHex(register);
  }
  return told;
}
