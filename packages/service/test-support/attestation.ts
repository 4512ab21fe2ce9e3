/**
 * A Nitro hypervisor of the tests: an authority of its own, and attestation documents as AWS's writes them, made and signed by
 * Node.js (OpenSSL) and not by us. Every part of a document can be made wrong.
 */
import {
  constants,
  createDecipheriv,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  sign,
} from "node:crypto";
import { type CertificateTemplate, certificate } from "./certificates.ts";

/** CBOR that stands as it is. */
export class Raw {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

export type Encodable =
  | number
  | string
  | null
  | Uint8Array
  | Raw
  | readonly Encodable[]
  | ReadonlyMap<number | string, Encodable>;

/** What a document may have other than the usual. */
export interface DocumentOptions {
  /** The time of the document: milliseconds since 1970. */
  readonly timestamp: number;
  /** Instead of the enclave's key. */
  readonly publicKey?: Uint8Array | null;
  /** Fields of the payload by name; `undefined` leaves one out. */
  readonly fields?: Readonly<Record<string, Encodable | undefined>>;
  /** Of the certificate of the key that signs. */
  readonly target?: Partial<CertificateTemplate>;
  /** Of the certificate that issues that one. */
  readonly intermediate?: Partial<CertificateTemplate>;
  readonly cabundle?: (usual: readonly Buffer[]) => readonly Buffer[];
  /** Signs instead of the target's key. */
  readonly signer?: KeyObject;
  /** The protected header. */
  readonly header?: ReadonlyMap<number, Encodable>;
  /** Changes what was signed. */
  readonly altered?: (payload: Buffer) => Buffer;
  /** The tag that COSE_Sign1 may have. */
  readonly tagged?: boolean;
}

export interface TestHypervisor {
  /** DER of its root. */
  readonly root: Buffer;
  /** The same in PEM. */
  readonly rootPem: string;
  /** The key of its enclave. */
  readonly enclaveKey: KeyObject;
  document(options: DocumentOptions): Buffer;
}

const IMAGE_DIGEST: Buffer = Buffer.alloc(48, 0xab);

const DAY = 86_400_000;

/** @param now the time around which its certificates are valid, milliseconds since 1970 */
export function testHypervisor(now: number, modulusLength = 2048): TestHypervisor {
  const p384 = () => generateKeyPairSync("ec", { namedCurve: "P-384" });
  const [rootKeys, regionKeys, instanceKeys, targetKeys] = [p384(), p384(), p384(), p384()];
  const enclave = generateKeyPairSync("rsa", { modulusLength });
  const validity = { notBefore: now - 10 * DAY, notAfter: now + 10 * DAY };
  const authority = { ...validity, authority: true, keyUsage: 0x86 };
  const root = certificate({
    ...authority,
    subject: "test.nitro-enclaves",
    issuer: "test.nitro-enclaves",
    publicKey: rootKeys.publicKey,
    signer: rootKeys.privateKey,
  });
  const region = certificate({
    ...authority,
    subject: "region.test.nitro-enclaves",
    issuer: "test.nitro-enclaves",
    publicKey: regionKeys.publicKey,
    signer: rootKeys.privateKey,
    pathLength: 1,
  });
  const document = (options: DocumentOptions): Buffer => {
    const intermediate = certificate({
      ...authority,
      subject: "instance.test.nitro-enclaves",
      issuer: "region.test.nitro-enclaves",
      publicKey: instanceKeys.publicKey,
      signer: regionKeys.privateKey,
      pathLength: 0,
      ...options.intermediate,
    });
    const target = certificate({
      ...validity,
      subject: "enclave.test.nitro-enclaves",
      issuer: "instance.test.nitro-enclaves",
      publicKey: targetKeys.publicKey,
      signer: instanceKeys.privateKey,
      keyUsage: 0xc0,
      ...options.target,
    });
    const bundle = [root, region, intermediate];
    const fields: Record<string, Encodable | undefined> = {
      module_id: "i-0123456789abcdef0-enc0123456789abcdef",
      digest: "SHA384",
      timestamp: options.timestamp,
      pcrs: new Map([
        [0, IMAGE_DIGEST],
        [1, Buffer.alloc(48, 1)],
        [31, Buffer.alloc(48)],
      ]),
      certificate: target,
      cabundle: options.cabundle?.(bundle) ?? bundle,
      public_key: options.publicKey === undefined ? spkiOf(enclave.publicKey) : options.publicKey,
      user_data: null,
      nonce: null,
      ...options.fields,
    };
    // A map of indefinite length, as AWS's hypervisor writes it.
    const pairs = Object.entries(fields).filter((pair): pair is [string, Encodable] => pair[1] !== undefined);
    const payload = Buffer.concat([
      Buffer.of(0xbf),
      ...pairs.flatMap(([name, value]) => [encode(name), encode(value)]),
      Buffer.of(0xff),
    ]);
    const header = encode(options.header ?? new Map([[1, -35]]));
    const signed = encode(["Signature1", header, Buffer.alloc(0), payload]);
    const key = options.signer ?? targetKeys.privateKey;
    const signature = sign("sha384", signed, { key, dsaEncoding: "ieee-p1363" });
    const altered = options.altered?.(payload) ?? payload;
    const message = encode([header, new Map(), altered, signature]);
    return options.tagged === true ? Buffer.concat([Buffer.of(0xd2), message]) : message;
  };
  const rootPem = `-----BEGIN CERTIFICATE-----\n${root.toString("base64")}\n-----END CERTIFICATE-----\n`;
  return { root, rootPem, enclaveKey: enclave.privateKey, document };
}

export function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

/** What a Recipient of the request is. */
export function recipientOf(document: Uint8Array): {
  readonly KeyEncryptionAlgorithm: "RSAES_OAEP_SHA_256";
  readonly AttestationDocument: Uint8Array;
} {
  return { KeyEncryptionAlgorithm: "RSAES_OAEP_SHA_256", AttestationDocument: document };
}

/**
 * Opens CiphertextForRecipient as clients for enclaves do: every element is looked for where AWS KMS puts it.
 *
 * @throws {Error} if it is not, or does not open
 */
export function openCiphertextForRecipient(envelope: Uint8Array | undefined, key: KeyObject): Buffer {
  const reader = new BerReader(Buffer.from(envelope ?? []));
  reader.enter(0x30);
  reader.expect(0x06, "2a864886f70d010703");
  reader.enter(0xa0);
  reader.enter(0x30);
  reader.expect(0x02, "02");
  const recipients = new BerReader(reader.read(0x31));
  const recipient = new BerReader(recipients.read(0x30));
  recipient.expect(0x02, "02");
  recipient.read(0x80);
  recipient.read(0x30);
  const encryptedKey = recipient.read(0x04);
  reader.enter(0x30);
  reader.expect(0x06, "2a864886f70d010701");
  const algorithm = new BerReader(reader.read(0x30));
  algorithm.expect(0x06, "60864801650304012a");
  const iv = algorithm.read(0x04);
  reader.enter(0xa0);
  const pieces: Buffer[] = [];
  while (reader.next === 0x04) pieces.push(reader.read(0x04));
  for (let depth = 0; depth < 5; depth++) reader.expect(0x00, "");
  if (reader.next !== undefined) throw new Error("bytes are left");
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const contentKey = privateDecrypt({ key, padding, oaepHash: "sha256" }, encryptedKey);
  const decipher = createDecipheriv("aes-256-cbc", contentKey, iv);
  return Buffer.concat([decipher.update(Buffer.concat(pieces)), decipher.final()]);
}

class BerReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get next(): number | undefined {
    return this.#bytes[this.#offset];
  }

  /** Goes into an element without a length. */
  enter(tag: number): void {
    if (this.next !== tag || this.#bytes[this.#offset + 1] !== 0x80)
      throw new Error(`expected ${tag} without a length`);
    this.#offset += 2;
  }

  expect(tag: number, contents: string): void {
    const found = this.read(tag).toString("hex");
    if (found !== contents) throw new Error(`expected ${contents}, got ${found}`);
  }

  read(tag: number): Buffer {
    if (this.next !== tag) throw new Error(`expected ${tag}, got ${this.next}`);
    const first = this.#bytes[this.#offset + 1] ?? 0;
    const size = first < 0x80 ? 0 : first & 0x7f;
    const length = size === 0 ? first : this.#bytes.readUIntBE(this.#offset + 2, size);
    const start = this.#offset + 2 + size;
    this.#offset = start + length;
    if (this.#offset > this.#bytes.length) throw new Error("it is cut off");
    return this.#bytes.subarray(start, this.#offset);
  }
}

/** CBOR of a value, with the shortest heads. */
export function encode(value: Encodable): Buffer {
  if (value instanceof Raw) return value.bytes;
  if (value === null) return Buffer.of(0xf6);
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string")
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map) {
    const pairs = [...(value as ReadonlyMap<number | string, Encodable>)];
    return Buffer.concat([
      head(5, pairs.length),
      ...pairs.flatMap(([key, item]) => [encode(key), encode(item)]),
    ]);
  }
  const items = value as readonly Encodable[];
  return Buffer.concat([head(4, items.length), ...items.map(encode)]);
}

function head(major: number, value: number): Buffer {
  const type = major << 5;
  if (value < 24) return Buffer.of(type | value);
  if (value < 0x100) return Buffer.of(type | 24, value);
  if (value < 0x1_0000) return Buffer.of(type | 25, value >>> 8, value & 0xff);
  if (value < 0x1_0000_0000) {
    const bytes = Buffer.alloc(5, type | 26);
    bytes.writeUInt32BE(value, 1);
    return bytes;
  }
  const bytes = Buffer.alloc(9, type | 27);
  bytes.writeBigUInt64BE(BigInt(value), 1);
  return bytes;
}
