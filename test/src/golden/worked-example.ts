/** A second implementation of the ciphertext blob, from docs/ciphertext-format.md and node:crypto alone. */
import { createCipheriv, createHash, createHmac } from "node:crypto";

export interface ExampleInput {
  readonly backingKey: Buffer;
  readonly keyId: string;
  readonly keyResourceId: string;
  readonly plaintext: Buffer;
  readonly N: Buffer;
  readonly encryptionContext: Readonly<Record<string, string>>;
}

/** Every value of the worked example, by its name in the document. */
export function workedExample(input: ExampleInput): Readonly<Record<string, string>> {
  const { backingKey, keyResourceId, plaintext, N } = input;
  const keyId = Buffer.from(input.keyId.replaceAll("-", ""), "hex");
  const keyMaterialId = kbkdf(backingKey, "KMSLite mat id", keyId, 32);
  const header = Buffer.concat([Buffer.of(0x81, 1, 1, 0), keyId, keyMaterialId, N]);
  const canonical = canonicalContext(input.encryptionContext);
  const context = createHash("sha256")
    .update(Buffer.concat([header, framed(Buffer.from(keyResourceId)), canonical]))
    .digest();
  const derived = kbkdf(backingKey, "KMSLite v1 msg", context, 76);
  const [K, C, IV] = [derived.subarray(0, 32), derived.subarray(32, 64), derived.subarray(64)];
  const cipher = createCipheriv("aes-256-gcm", K, IV);
  cipher.setAAD(Buffer.concat([header, canonical]));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const tag = cipher.getAuthTag();
  const blob = Buffer.concat([header, C, ciphertext, tag]);
  const values = { keyMaterialId, header, canonical, context, K, C, IV, ciphertext, tag, blob };
  return Object.fromEntries(
    Object.entries(values).map(([name, bytes]) => [NAMES[name] ?? name, bytes.toString("hex")]),
  );
}

const NAMES: Readonly<Record<string, string>> = {
  keyMaterialId: "key material id",
  canonical: "canonical encryption context",
};

function kbkdf(key: Buffer, label: string, context: Buffer, length: number): Buffer {
  const fixed = Buffer.concat([Buffer.from(label), Buffer.of(0), context, u32(length * 8)]);
  const blocks: Buffer[] = [];
  for (let counter = 1; blocks.length * 32 < length; counter++) {
    blocks.push(
      createHmac("sha256", key)
        .update(Buffer.concat([u32(counter), fixed]))
        .digest(),
    );
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function canonicalContext(context: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(context).map(
    ([key, value]) => [Buffer.from(key), Buffer.from(value)] as const,
  );
  entries.sort(([left], [right]) => Buffer.compare(left, right));
  const pairs = entries.flatMap(([key, value]) => [framed(key), framed(value)]);
  return entries.length === 0 ? Buffer.alloc(0) : Buffer.concat([u16(entries.length), ...pairs]);
}

function framed(bytes: Buffer): Buffer {
  return Buffer.concat([u16(bytes.length), bytes]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
