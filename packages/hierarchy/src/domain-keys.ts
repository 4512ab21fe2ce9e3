/**
 * Domain keys: AES-256, versioned; they wrap backing keys as exported key tokens (EKTs).
 *
 * One is active and wraps; the retired ones only unwrap, and stay until no token needs them.
 *
 * Token: `u8 format (1) ‖ u32 domain key version ‖ N ‖ C ‖ ciphertext ‖ tag`. Its AAD holds everything the key is bound
 * to, so a token that was moved to another key, or given another spec, usage or origin, does not open.
 */
import { HmacSha256Key } from "@kmslite/crypto";
import type { Cryptography } from "./cryptography.ts";
import { unwrapKeyBytes, wrapKeyBytes } from "./derived-key-aead.ts";
import { HierarchyError } from "./errors.ts";
import { frame } from "./framing.ts";

/** Length of a domain key in bytes. */
export const DOMAIN_KEY_LENGTH = 32;

const TOKEN_FORMAT = 1;
const TOKEN_HEADER_LENGTH = 5;
const LABEL = "KMSLite token";

/** What a key token is bound to. */
export interface TokenBinding {
  readonly accountId: string;
  readonly keyId: string;
  readonly keyMaterialId: string;
  readonly keySpec: string;
  readonly keyUsage: string;
  readonly origin: string;
}

/** The domain keys in memory, by version. */
export class DomainKeys {
  readonly #cryptography: Cryptography;
  readonly #keys = new Map<number, HmacSha256Key>();
  #active = 0;

  constructor(cryptography: Cryptography) {
    this.#cryptography = cryptography;
  }

  /** The version that wraps; 0 before the first was added. */
  get activeVersion(): number {
    return this.#active;
  }

  /** Every version that unwraps, in no order. */
  get versions(): readonly number[] {
    return [...this.#keys.keys()];
  }

  /** Takes a domain key over; the highest version is the active one. `key` remains the caller's to wipe. */
  add(version: number, key: Uint8Array): void {
    this.#keys.get(version)?.destroy();
    this.#keys.set(version, new HmacSha256Key(key));
    this.#active = Math.max(this.#active, version);
  }

  /** Forgets a retired version. */
  drop(version: number): void {
    if (version === this.#active) throw new RangeError("The active domain key can't be dropped");
    this.#keys.get(version)?.destroy();
    this.#keys.delete(version);
  }

  /** Wraps key material under the active domain key. */
  wrap(material: Uint8Array, binding: TokenBinding): Uint8Array {
    const version = this.#active;
    const key = this.#key(version);
    const wrapped = wrapKeyBytes(this.#cryptography, key, LABEL, tokenAad(version, binding), material);
    const token = new Uint8Array(TOKEN_HEADER_LENGTH + wrapped.length);
    token[0] = TOKEN_FORMAT;
    new DataView(token.buffer).setUint32(1, version);
    token.set(wrapped, TOKEN_HEADER_LENGTH);
    return token;
  }

  /**
   * Unwraps a key token.
   *
   * @throws {HierarchyError} `Malformed`, or `Unauthentic` if the token was edited, moved or rebound
   */
  unwrap(token: Uint8Array, binding: TokenBinding): Uint8Array {
    const version = tokenVersion(token);
    const aad = tokenAad(version, binding);
    const wrapped = token.subarray(TOKEN_HEADER_LENGTH);
    const material = unwrapKeyBytes(this.#cryptography, this.#key(version), LABEL, aad, wrapped);
    if (material === undefined) {
      throw new HierarchyError(
        "Unauthentic",
        `Key token of ${binding.keyId} does not open under its domain key`,
      );
    }
    return material;
  }

  /** The same key under the active domain key. Its plaintext lives in this call only. */
  rewrap(token: Uint8Array, binding: TokenBinding): Uint8Array {
    const material = this.unwrap(token, binding);
    try {
      return this.wrap(material, binding);
    } finally {
      material.fill(0);
    }
  }

  /** Wipes every key. */
  destroy(): void {
    for (const key of this.#keys.values()) key.destroy();
    this.#keys.clear();
    this.#active = 0;
  }

  #key(version: number): HmacSha256Key {
    const key = this.#keys.get(version);
    if (key === undefined)
      throw new HierarchyError("Malformed", `There is no domain key of version ${version}`);
    return key;
  }
}

/** The domain key version that a token needs. */
export function tokenVersion(token: Uint8Array): number {
  if (token.length <= TOKEN_HEADER_LENGTH || token[0] !== TOKEN_FORMAT) {
    throw new HierarchyError("Malformed", "This is not a key token of format 1");
  }
  return new DataView(token.buffer, token.byteOffset).getUint32(1);
}

function tokenAad(version: number, binding: TokenBinding): Uint8Array {
  return frame(
    "KMSLite exported key token, format 1",
    String(version),
    binding.accountId,
    binding.keyId,
    binding.keyMaterialId,
    binding.keySpec,
    binding.keyUsage,
    binding.origin,
  );
}
