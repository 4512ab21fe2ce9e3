/**
 * The payload of an attestation document: what an AWS Nitro enclave, or an instance with NitroTPM, is measured to be, and the key
 * that it wants answers under. Fields and limits are those of the Nitro Enclaves attestation process (§2.2, §3.2.2).
 */
import { type CborMap, type CborValue, CoseError, decodeCbor } from "@kmslite/crypto/cose";

export interface AttestationDocument {
  /** The issuing Nitro hypervisor module, which names the enclave. */
  readonly moduleId: string;
  /** When the document was made: milliseconds since 1970. */
  readonly timestamp: number;
  /** Whose registers the document has. */
  readonly attester: "enclave" | "nitroTpm";
  /** Platform configuration registers by their index, 32, 48 or 64 bytes each. */
  readonly registers: ReadonlyMap<number, Uint8Array>;
  /** DER of the certificate of the key that signed the document. */
  readonly certificate: Uint8Array;
  /** DER of its authorities, the root first. */
  readonly authorities: readonly Uint8Array[];
  /** DER of SubjectPublicKeyInfo; a document may do without. */
  readonly publicKey: Uint8Array | undefined;
}

const REGISTER_LENGTHS: readonly number[] = [32, 48, 64];
const MAXIMUM_REGISTERS = 32;
const MAXIMUM_PAYLOAD_BYTES = 16_384;
const MAXIMUM_FIELD_BYTES = 1024;
const FIELDS: ReadonlySet<number | string> = new Set([
  "module_id",
  "digest",
  "timestamp",
  "pcrs",
  "nitrotpm_pcrs",
  "certificate",
  "cabundle",
  "public_key",
  "user_data",
  "nonce",
]);

/** @throws {CoseError} if a field is missing, not known, or out of its limits */
export function parseAttestationDocument(payload: Uint8Array): AttestationDocument {
  if (payload.length > MAXIMUM_PAYLOAD_BYTES) {
    throw new CoseError(
      `expected a payload of at most ${MAXIMUM_PAYLOAD_BYTES} bytes, got ${payload.length}`,
    );
  }
  const fields = decodeCbor(payload);
  if (!(fields instanceof Map)) throw new CoseError("expected a map as payload");
  const unknown = [...fields.keys()].find((name) => !FIELDS.has(name));
  if (unknown !== undefined) throw new CoseError("a field of the payload is not known");
  if (fields.get("digest") !== "SHA384") throw new CoseError("digest: expected SHA384");
  for (const name of ["user_data", "nonce"]) optionalBytes(fields, name, 0);
  return {
    moduleId: moduleIdOf(fields.get("module_id")),
    timestamp: timestampOf(fields.get("timestamp")),
    ...registersOf(fields),
    certificate: bytesOf("certificate", fields.get("certificate"), 1),
    authorities: authoritiesOf(fields.get("cabundle")),
    publicKey: optionalBytes(fields, "public_key", 1),
  };
}

function moduleIdOf(value: CborValue | undefined): string {
  if (typeof value !== "string" || value === "") throw new CoseError("module_id: expected a text");
  return value;
}

function timestampOf(value: CborValue | undefined): number {
  if (typeof value !== "number" || value <= 0) throw new CoseError("timestamp: expected a positive integer");
  return value;
}

function registersOf(fields: CborMap): Pick<AttestationDocument, "attester" | "registers"> {
  const [ofEnclave, ofTpm] = [fields.get("pcrs"), fields.get("nitrotpm_pcrs")];
  const registers = ofEnclave ?? ofTpm;
  if (!(registers instanceof Map) || (ofEnclave !== undefined && ofTpm !== undefined)) {
    throw new CoseError("expected a map of either pcrs or nitrotpm_pcrs");
  }
  if (registers.size < 1 || registers.size > MAXIMUM_REGISTERS) {
    throw new CoseError(`pcrs: expected 1 to ${MAXIMUM_REGISTERS}, got ${registers.size}`);
  }
  const read = new Map<number, Uint8Array>();
  for (const [index, value] of registers) {
    if (typeof index !== "number" || index < 0 || index >= MAXIMUM_REGISTERS) {
      throw new CoseError("pcrs: expected indices from 0 to 31");
    }
    if (!(value instanceof Uint8Array) || !REGISTER_LENGTHS.includes(value.length)) {
      throw new CoseError("pcrs: expected 32, 48 or 64 bytes each");
    }
    read.set(index, value);
  }
  return { attester: ofEnclave === undefined ? "nitroTpm" : "enclave", registers: read };
}

function authoritiesOf(value: CborValue | undefined): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length === 0) throw new CoseError("cabundle: expected certificates");
  return (value as readonly CborValue[]).map((certificate) => bytesOf("cabundle", certificate, 1));
}

/** The Nitro hypervisor writes null for what the enclave did not give. */
function optionalBytes(fields: CborMap, name: string, minimum: number): Uint8Array | undefined {
  const value = fields.get(name);
  return value === undefined || value === null ? undefined : bytesOf(name, value, minimum);
}

function bytesOf(name: string, value: CborValue | undefined, minimum: number): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length < minimum || value.length > MAXIMUM_FIELD_BYTES) {
    throw new CoseError(`${name}: expected ${minimum} to ${MAXIMUM_FIELD_BYTES} bytes`);
  }
  return value;
}
