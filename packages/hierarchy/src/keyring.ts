/**
 * The keyring: what stands between the root key and everything else at rest.
 *
 * It holds, wrapped by the root key, the record key (authenticates every store record) and the domain keys. It is
 * plain JSON without secrets; {@link openKeyring} turns it into keys in memory.
 */
import { bytesToHex, HmacSha256Key, hexToBytes } from "@kmslite/crypto";
import type { Cryptography } from "./cryptography.ts";
import { DOMAIN_KEY_LENGTH, DomainKeys } from "./domain-keys.ts";
import { HierarchyError } from "./errors.ts";
import { frame } from "./framing.ts";
import type { RootKey } from "./root-keys/root-key.ts";

/** One domain key at rest. */
export interface WrappedDomainKey {
  readonly version: number;
  /** When it was made: milliseconds since 1970. */
  readonly createdAt: number;
  /** Hex; bound to the keyring's id and the version. */
  readonly wrapped: string;
}

/** The keyring at rest. The domain key of the highest version is active. */
export interface Keyring {
  readonly format: 1;
  /** 32 hex digits; names this store for ever. */
  readonly id: string;
  readonly rootKeyId: string;
  /** Hex; bound to the keyring's id. */
  readonly recordKey: string;
  readonly domainKeys: readonly WrappedDomainKey[];
  /** The tables that the store was given; absent in a store from before tables were added to it. */
  readonly tables?: readonly string[];
}

/** The keyring in memory. */
export interface OpenKeyring {
  /** Authenticates store records. */
  readonly recordKey: HmacSha256Key;
  readonly domainKeys: DomainKeys;
  destroy(): void;
}

/** Makes the keyring of a new store. */
export async function createKeyring(
  rootKey: RootKey,
  cryptography: Cryptography,
  now: number,
): Promise<Keyring> {
  const id = bytesToHex(cryptography.random(16));
  const recordKey = await wrapFresh(rootKey, cryptography, recordKeyAad(id));
  const keyring: Keyring = { format: 1, id, rootKeyId: rootKey.id, recordKey, domainKeys: [] };
  return withNewDomainKey(keyring, rootKey, cryptography, now);
}

/** The keyring with a new active domain key; the former ones are retired and still unwrap. */
export async function withNewDomainKey(
  keyring: Keyring,
  rootKey: RootKey,
  cryptography: Cryptography,
  now: number,
): Promise<Keyring> {
  const version = Math.max(0, ...keyring.domainKeys.map((key) => key.version)) + 1;
  const wrapped = await wrapFresh(rootKey, cryptography, domainKeyAad(keyring.id, version));
  return { ...keyring, domainKeys: [...keyring.domainKeys, { version, createdAt: now, wrapped }] };
}

/** The keyring without retired domain keys for which `needed` says no. */
export function withoutDomainKeys(keyring: Keyring, needed: (version: number) => boolean): Keyring {
  const active = Math.max(...keyring.domainKeys.map((key) => key.version));
  const domainKeys = keyring.domainKeys.filter((key) => key.version === active || needed(key.version));
  return { ...keyring, domainKeys };
}

/**
 * Opens a keyring with its root key.
 *
 * @throws {HierarchyError} `WrongRootKey` if this root key does not open it
 */
export async function openKeyring(
  keyring: Keyring,
  rootKey: RootKey,
  cryptography: Cryptography,
): Promise<OpenKeyring> {
  if (keyring.rootKeyId !== rootKey.id) {
    throw new HierarchyError(
      "WrongRootKey",
      `This store was made under the root key ${keyring.rootKeyId}, not under ${rootKey.id}`,
    );
  }
  const secret = await rootKey.unwrap(hexToBytes(keyring.recordKey), recordKeyAad(keyring.id));
  const recordKey = new HmacSha256Key(secret);
  secret.fill(0);
  const domainKeys = new DomainKeys(cryptography);
  await openDomainKeys(keyring, rootKey, domainKeys);
  return {
    recordKey,
    domainKeys,
    destroy: () => {
      recordKey.destroy();
      domainKeys.destroy();
    },
  };
}

/** Brings domain keys in memory to what the keyring says: new versions in, dropped ones out. */
export async function openDomainKeys(
  keyring: Keyring,
  rootKey: RootKey,
  domainKeys: DomainKeys,
): Promise<void> {
  const held = new Set(domainKeys.versions);
  for (const { version, wrapped } of keyring.domainKeys) {
    if (held.delete(version)) continue;
    const key = await rootKey.unwrap(hexToBytes(wrapped), domainKeyAad(keyring.id, version));
    domainKeys.add(version, key);
    key.fill(0);
  }
  for (const version of held) domainKeys.drop(version);
}

async function wrapFresh(rootKey: RootKey, cryptography: Cryptography, aad: Uint8Array): Promise<string> {
  const key = cryptography.random(DOMAIN_KEY_LENGTH);
  try {
    return bytesToHex(await rootKey.wrap(key, aad));
  } finally {
    key.fill(0);
  }
}

function recordKeyAad(id: string): Uint8Array {
  return frame("KMSLite record key, format 1", id);
}

function domainKeyAad(id: string, version: number): Uint8Array {
  return frame("KMSLite domain key, format 1", id, String(version));
}
