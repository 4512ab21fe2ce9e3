/**
 * The keys of the reference proxy: AES-256 in memory, with older versions of rotated ones. The version that encrypted stands in the
 * ciphertext metadata, which is authenticated along with the AAD (XKS Proxy API v1.0, "Encrypt").
 */
import { type Cryptography, platformCryptography } from "@kmslite/hierarchy";
import { ProxyError } from "./proxy-error.ts";

const IV_LENGTH = 12;
const TAG_LENGTH = 16;

/** An external key. */
export interface ExternalKey {
  /** 32 bytes each, the newest last; the newest encrypts. At most 256. */
  readonly versions: readonly Uint8Array[];
  /** ENCRYPT and DECRYPT unless given. */
  readonly usage?: readonly string[];
  /** ENABLED unless given. */
  readonly status?: "ENABLED" | "DISABLED";
  /** ARNs of the principals that may have it used; anybody unless given. */
  readonly principals?: readonly string[];
}

/** What AES-256-GCM gives. */
export interface Sealed {
  readonly metadata: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** @throws {ProxyError} InvalidKeyUsageException or InvalidStateException */
export function assertUsable(key: ExternalKey, usage: "ENCRYPT" | "DECRYPT"): void {
  if (key.status === "DISABLED") throw new ProxyError("InvalidStateException", "The key is disabled");
  if (!(key.usage ?? ["ENCRYPT", "DECRYPT"]).includes(usage)) {
    throw new ProxyError("InvalidKeyUsageException", `The key can not be used to ${usage.toLowerCase()}`);
  }
}

export async function seal(key: ExternalKey, plaintext: Uint8Array, aad: Uint8Array): Promise<Sealed> {
  const { engine, random } = await cryptography();
  const version = key.versions.length - 1;
  const metadata = Uint8Array.of(version);
  const iv = random(IV_LENGTH);
  const bound = { aad: boundAad(aad, metadata) };
  const sealed = engine.seal(versionOf(key, version), iv, plaintext, bound);
  return { metadata, iv, tag: sealed.slice(-TAG_LENGTH), ciphertext: sealed.slice(0, -TAG_LENGTH) };
}

/** @throws {ProxyError} InvalidCiphertextException, the same for whatever is wrong */
export async function open(
  key: ExternalKey,
  { metadata, iv, tag, ciphertext }: Sealed,
  aad: Uint8Array,
): Promise<Uint8Array> {
  const { engine } = await cryptography();
  const material = key.versions[metadata[0] ?? -1];
  const sealed = new Uint8Array(ciphertext.length + tag.length);
  sealed.set(ciphertext);
  sealed.set(tag, ciphertext.length);
  try {
    if (material === undefined) throw new RangeError("There is no such version");
    return engine.open(material, iv, sealed, { aad: boundAad(aad, metadata) });
  } catch (error) {
    throw new ProxyError("InvalidCiphertextException", "The ciphertext is not of this key and AAD", {
      cause: error,
    });
  }
}

function versionOf(key: ExternalKey, version: number): Uint8Array {
  const material = key.versions[version];
  if (material === undefined) throw new ProxyError("InternalException", "The key has no material");
  return material;
}

/** `u16 length ‖ AAD ‖ u8 length ‖ metadata`, so that neither is taken for the other. */
function boundAad(aad: Uint8Array, metadata: Uint8Array): Uint8Array {
  const bound = new Uint8Array(3 + aad.length + metadata.length);
  new DataView(bound.buffer).setUint16(0, aad.length);
  bound.set(aad, 2);
  bound[2 + aad.length] = metadata.length;
  bound.set(metadata, 3 + aad.length);
  return bound;
}

let loading: Promise<Cryptography> | undefined;

function cryptography(): Promise<Cryptography> {
  loading ??= platformCryptography();
  return loading;
}
