/**
 * Answers that only an attested environment can read: the attestation document of a request is verified, and what would have been
 * answered in plaintext is sealed under the key that it names.
 */
import { type EnvelopeRecipient, envelopeRecipient, sealEnvelope } from "@kmslite/crypto/cms";
import { CoseError, parseSign1, verifySign1 } from "@kmslite/crypto/cose";
import { KeyPairError } from "@kmslite/crypto/key-pairs";
import { CertificateError, verifyPath } from "@kmslite/crypto/x509";
import { KmsError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { RecipientInfo } from "../shapes/common.ts";
import { type AttestationDocument, parseAttestationDocument } from "./attestation-document.ts";
import { awsNitroRoots } from "./nitro-roots.ts";

/** How far a document's time may lie before or after ours, in milliseconds; as for signatures of requests. */
const MAXIMUM_AGE_MS = 300_000;

/** What an answer has instead of a plaintext. */
export interface SealedAnswer {
  readonly CiphertextForRecipient: Uint8Array;
}

/** Whom an answer is for: an environment whose document was verified. */
export class Recipient {
  readonly document: AttestationDocument;
  readonly #envelope: EnvelopeRecipient;
  readonly #random: (length: number) => Uint8Array;

  constructor(
    document: AttestationDocument,
    envelope: EnvelopeRecipient,
    random: (length: number) => Uint8Array,
  ) {
    this.document = document;
    this.#envelope = envelope;
    this.#random = random;
  }

  /**
   * @param plaintext wiped
   * @throws {KmsError} ValidationException if the platform can't encrypt under a key with such numbers
   */
  async seal(plaintext: Uint8Array): Promise<SealedAnswer> {
    try {
      return { CiphertextForRecipient: await sealEnvelope(this.#envelope, plaintext, this.#random) };
    } catch (error) {
      throw invalid("public_key: it can't be encrypted under", error);
    } finally {
      plaintext.fill(0);
    }
  }
}

/**
 * Verifies the attestation document of a request: its form, the path of certificates to a root, its signature, its age.
 *
 * @throws {KmsError} ValidationException
 */
export async function verifiedRecipient(runtime: Runtime, info: RecipientInfo): Promise<Recipient> {
  const { AttestationDocument: bytes, KeyEncryptionAlgorithm: algorithm } = info;
  if (bytes === undefined || algorithm === undefined) {
    throw new KmsError(
      "ValidationException",
      "Recipient must have both KeyEncryptionAlgorithm and AttestationDocument.",
    );
  }
  const { random } = runtime.database.cryptography;
  try {
    const document = await verifiedDocument(bytes, runtime.nitroRoots ?? awsNitroRoots(), runtime.clock());
    if (document.publicKey === undefined) throw new CoseError("public_key: expected a key, got none");
    return new Recipient(document, await envelopeRecipient(document.publicKey), random);
  } catch (error) {
    if (error instanceof CoseError || error instanceof CertificateError || error instanceof KeyPairError) {
      throw invalid(error.message);
    }
    throw error;
  }
}

async function verifiedDocument(
  bytes: Uint8Array,
  roots: readonly Uint8Array[],
  now: number,
): Promise<AttestationDocument> {
  // A copy: the caller must not change under our hands what was verified.
  const message = parseSign1(bytes.slice());
  const document = parseAttestationDocument(message.payload);
  const key = await verifyPath(
    { target: document.certificate, authorities: document.authorities },
    roots,
    now,
  );
  if (!(await verifySign1(message, key))) throw new CoseError("its signature is not valid");
  if (document.timestamp < now - MAXIMUM_AGE_MS) throw new CoseError("it has expired");
  if (document.timestamp > now + MAXIMUM_AGE_MS) throw new CoseError("it is of the future");
  return document;
}

function invalid(reason: string, cause?: unknown): KmsError {
  return new KmsError("ValidationException", `The attestation document is not valid: ${reason}`, { cause });
}
