/**
 * Backing keys: made, kept as tokens in the store, opened when they are needed, held ready in memory.
 */
import { BACKING_KEY_LENGTH, type BackingKey, backingKey, tokenVersion } from "@kmslite/hierarchy";
import type { Mutation } from "@kmslite/store/authenticated";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { Database } from "./database/database.ts";
import { backingKeyKey } from "./database/keys.ts";
import { type BackingKeyRecord, decode, encode, type KeyRecord } from "./database/records.ts";
import { ReadyKeys } from "./ready-keys.ts";

/** What the token of a backing key is bound to besides its material. */
export type KeyIdentity = Pick<
  KeyRecord,
  "accountId" | "region" | "keyId" | "keySpec" | "keyUsage" | "origin" | "related"
>;

/** How often a token is read anew because its domain key was replaced between the two reads. */
const READ_ATTEMPTS = 8;

export class BackingKeys {
  readonly #database: Database;
  readonly #ready = new ReadyKeys();

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
      const place = backingKeyKey(identity, keyMaterialId);
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

  /** A backing key that is ready in memory. */
  recall(keyId: string, keyMaterialId: string): BackingKey | undefined {
    return this.#ready.get(keyId, keyMaterialId);
  }

  /** A backing key of a KMS key from the store, or `undefined` if the key has no such material. */
  async read(identity: KeyIdentity, keyMaterialId: string): Promise<BackingKey | undefined> {
    const generation = this.#ready.generation();
    const token = await this.#token(identity, keyMaterialId);
    if (token === undefined) return undefined;
    const material = this.#database.domainKeys.unwrap(token, { ...identity, keyMaterialId });
    try {
      return this.#ready.add(identity.keyId, backingKey(material, identity.keyId), generation);
    } finally {
      material.fill(0);
    }
  }

  /** Wipes the material of a key that was deleted. */
  forgetKey(keyId: string): void {
    this.#ready.forgetKey(keyId);
  }

  /** Wipes what is held in memory. */
  close(): void {
    this.#ready.close();
  }

  /** A token whose domain key is at hand. Another process may just be moving tokens under a new domain key. */
  async #token(identity: KeyIdentity, keyMaterialId: string): Promise<Uint8Array | undefined> {
    const place = backingKeyKey(identity, keyMaterialId);
    for (let attempt = 1; ; attempt++) {
      const record = await this.#database.records.get(place);
      if (record === undefined) return undefined;
      const token = hexToBytes(decode<BackingKeyRecord>(record).value.token);
      const version = tokenVersion(token);
      if (this.#database.domainKeys.versions.includes(version) || attempt === READ_ATTEMPTS) return token;
      await this.#database.reloadKeyring();
      if (this.#database.domainKeys.versions.includes(version)) return token;
    }
  }
}
