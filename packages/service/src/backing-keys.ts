/**
 * Backing keys: made, kept as tokens in the store, opened when they are needed, held ready in memory.
 */
import { BACKING_KEY_LENGTH, type BackingKey, backingKey, tokenVersion } from "@kmslite/hierarchy";
import type { Mutation } from "@kmslite/store/authenticated";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { Database } from "./database/database.ts";
import { backingKeyKey } from "./database/keys.ts";
import { type BackingKeyRecord, decode, encode, type KeyRecord } from "./database/records.ts";

/** What the token of a backing key is bound to besides its material. */
export type KeyIdentity = Pick<
  KeyRecord,
  "accountId" | "region" | "keyId" | "keySpec" | "keyUsage" | "origin"
>;

/** A prepared backing key takes some 700 bytes. */
const MAXIMUM_ENTRIES = 20_000;

export class BackingKeys {
  readonly #database: Database;
  readonly #ready = new Map<string, BackingKey>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes fresh material: its id, and the records that keep it, to be committed together with what names it. */
  create(identity: KeyIdentity): { readonly keyMaterialId: string; readonly mutation: Mutation } {
    const material = this.#database.cryptography.random(BACKING_KEY_LENGTH);
    try {
      const key = backingKey(material, identity.keyId);
      const { keyMaterialId } = key;
      key.destroy();
      const token = this.#database.domainKeys.wrap(material, { ...identity, keyMaterialId });
      const { accountId, keySpec, keyUsage, origin } = identity;
      const record: BackingKeyRecord = { accountId, keySpec, keyUsage, origin, token: bytesToHex(token) };
      const place = backingKeyKey(identity.region, identity.keyId, keyMaterialId);
      return {
        keyMaterialId,
        mutation: {
          unchanged: [this.#database.keyringRecord],
          inserts: [{ key: place, payload: encode(record) }],
        },
      };
    } finally {
      material.fill(0);
    }
  }

  /** A backing key of a KMS key, or `undefined` if the key has no such material. */
  async get(identity: KeyIdentity, keyMaterialId: string): Promise<BackingKey | undefined> {
    const place = backingKeyKey(identity.region, identity.keyId, keyMaterialId);
    const ready = this.#ready.get(place);
    if (ready !== undefined) return ready;
    const record = await this.#database.records.get(place);
    if (record === undefined) return undefined;
    const { value } = decode<BackingKeyRecord>(record);
    const token = hexToBytes(value.token);
    if (!this.#database.domainKeys.versions.includes(tokenVersion(token)))
      await this.#database.reloadKeyring();
    const material = this.#database.domainKeys.unwrap(token, { ...identity, keyMaterialId });
    const key = backingKey(material, identity.keyId);
    material.fill(0);
    this.#ready.set(place, key);
    if (this.#ready.size > MAXIMUM_ENTRIES) this.#forgetOldest();
    return key;
  }

  /** Drops a backing key whose record changed or went away. */
  forget(place: string): void {
    const key = this.#ready.get(place);
    this.#ready.delete(place);
    // Whoever was just given the key uses it before the next task; it is wiped after that.
    if (key !== undefined) setTimeout(() => key.destroy(), 0);
  }

  /** Wipes what is held in memory. */
  close(): void {
    for (const key of this.#ready.values()) key.destroy();
    this.#ready.clear();
  }

  #forgetOldest(): void {
    const [oldest] = this.#ready.keys();
    if (oldest !== undefined) this.forget(oldest);
  }
}
