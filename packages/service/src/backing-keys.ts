/**
 * Backing keys: made, kept as tokens in the store, opened when they are needed, held ready in memory.
 */

import { bytesToHex, hexToBytes } from "@kmslite/crypto";
import type { PrivateKey, PublicKey } from "@kmslite/crypto/key-pairs";
import { BACKING_KEY_LENGTH, type BackingKey, backingKey, tokenVersion } from "@kmslite/hierarchy";
import type { Mutation } from "@kmslite/store/authenticated";
import type { Database } from "./database/database.ts";
import { backingKeyKey, type MaterialPlace } from "./database/keys.ts";
import { type BackingKeyRecord, decode, encode } from "./database/records.ts";
import { type ReadyKey, ReadyKeys } from "./ready-keys.ts";

/** The parsed private key of a key pair. */
export interface ReadyPrivateKey extends ReadyKey {
  readonly privateKey: PrivateKey;
}

/** The public key of a key pair. */
export interface ReadyPublicKey extends ReadyKey {
  /** DER of SubjectPublicKeyInfo. */
  readonly bytes: Uint8Array;
  readonly publicKey: PublicKey;
}

/** An HMAC key. */
export interface ReadyMacKey extends ReadyKey {
  readonly macKey: Uint8Array;
}

/** What the token of a backing key is bound to besides its material. */
export interface KeyIdentity extends MaterialPlace {
  readonly accountId: string;
  readonly keySpec: string;
  readonly keyUsage: string;
  readonly origin: string;
}

/** Material that was made: its id, and the records that keep it, to be committed together with what names it. */
export interface MadeMaterial {
  readonly keyMaterialId: string;
  readonly mutation: Mutation;
}

/** How often a token is read anew because its domain key was replaced between the two reads. */
const READ_ATTEMPTS = 8;

/** A prepared symmetric backing key takes some 700 bytes. */
const MAXIMUM_READY = 20_000;
/** The parsed keys of a key pair take up to some 10 kB. */
const MAXIMUM_READY_PAIRS = 2_000;

export class BackingKeys {
  readonly #database: Database;
  readonly #ready = new ReadyKeys<BackingKey>(MAXIMUM_READY);
  readonly privateKeys: ReadyKeys<ReadyPrivateKey> = new ReadyKeys(MAXIMUM_READY_PAIRS);
  readonly publicKeys: ReadyKeys<ReadyPublicKey> = new ReadyKeys(MAXIMUM_READY_PAIRS);
  readonly macKeys: ReadyKeys<ReadyMacKey> = new ReadyKeys(MAXIMUM_READY);

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes fresh material of a symmetric key. */
  create(identity: KeyIdentity): MadeMaterial {
    const material = this.#database.cryptography.random(BACKING_KEY_LENGTH);
    try {
      const key = backingKey(material, identity.keyId);
      const { keyMaterialId } = key;
      key.destroy();
      return this.keep(identity, keyMaterialId, material);
    } finally {
      material.fill(0);
    }
  }

  /**
   * The records that keep material.
   *
   * @param material  the caller's to wipe
   * @param publicKey of a key pair: DER of SubjectPublicKeyInfo
   */
  keep(
    identity: KeyIdentity,
    keyMaterialId: string,
    material: Uint8Array,
    publicKey?: Uint8Array,
  ): MadeMaterial {
    const token = this.#database.domainKeys.wrap(material, { ...identity, keyMaterialId });
    const { accountId, keySpec, keyUsage, origin } = identity;
    const record: BackingKeyRecord = {
      accountId,
      keySpec,
      keyUsage,
      origin,
      token: bytesToHex(token),
      ...(publicKey === undefined ? {} : { publicKey: bytesToHex(publicKey) }),
    };
    const place = backingKeyKey(identity, keyMaterialId);
    return {
      keyMaterialId,
      mutation: {
        unchanged: [this.#database.keyringRecord],
        inserts: [{ key: place, payload: encode(record) }],
      },
    };
  }

  /** A symmetric backing key that is ready in memory. */
  recall(keyId: string, keyMaterialId: string): BackingKey | undefined {
    return this.#ready.get(keyId, keyMaterialId);
  }

  /** A symmetric backing key of a KMS key from the store, or `undefined` if the key has no such material. */
  read(identity: KeyIdentity, keyMaterialId: string): Promise<BackingKey | undefined> {
    return this.prepared(this.#ready, identity, keyMaterialId, (material) =>
      backingKey(material, identity.keyId),
    );
  }

  /**
   * A key ready for use: the one that is held in memory, or what `prepare` makes of the material in the store. It is to be
   * used before anything else is awaited, since keys are wiped when they leave.
   *
   * @param prepare is given the material, which is wiped when it is done
   * @returns `undefined` if the key has no such material
   */
  async prepared<Key extends ReadyKey>(
    ready: ReadyKeys<Key>,
    identity: KeyIdentity,
    keyMaterialId: string,
    prepare: (material: Uint8Array) => Key | Promise<Key>,
  ): Promise<Key | undefined> {
    const held = ready.get(identity.keyId, keyMaterialId);
    if (held !== undefined) return held;
    const generation = ready.generation();
    const key = await this.opened(identity, keyMaterialId, prepare);
    return key === undefined ? undefined : ready.add(identity.keyId, key, generation);
  }

  /**
   * What `use` makes of the material in the store, which is wiped when it is done.
   *
   * @returns `undefined` if there is no such material
   */
  async opened<Result>(
    identity: KeyIdentity,
    keyMaterialId: string,
    use: (material: Uint8Array) => Result | Promise<Result>,
  ): Promise<Result | undefined> {
    const record = await this.#record(identity, keyMaterialId);
    if (record === undefined) return undefined;
    const token = hexToBytes(record.token);
    const material = this.#database.domainKeys.unwrap(token, { ...identity, keyMaterialId });
    try {
      return await use(material);
    } finally {
      material.fill(0);
    }
  }

  /** The public key of a key pair: DER of SubjectPublicKeyInfo; `undefined` if the key has no such material. */
  async publicKey(identity: KeyIdentity, keyMaterialId: string): Promise<Uint8Array | undefined> {
    const record = await this.#record(identity, keyMaterialId);
    return record?.publicKey === undefined ? undefined : hexToBytes(record.publicKey);
  }

  /** Wipes the material of a key that was deleted. */
  forgetKey(keyId: string): void {
    this.#ready.forgetKey(keyId);
    this.privateKeys.forgetKey(keyId);
    this.publicKeys.forgetKey(keyId);
    this.macKeys.forgetKey(keyId);
  }

  /** Wipes what is held in memory. */
  close(): void {
    this.#ready.close();
    this.privateKeys.close();
    this.publicKeys.close();
    this.macKeys.close();
  }

  /** The record of a token whose domain key is at hand. Another process may just be moving tokens under a new one. */
  async #record(identity: KeyIdentity, keyMaterialId: string): Promise<BackingKeyRecord | undefined> {
    const place = backingKeyKey(identity, keyMaterialId);
    for (let attempt = 1; ; attempt++) {
      const record = await this.#database.records.get(place);
      if (record === undefined) return undefined;
      const { value } = decode<BackingKeyRecord>(record);
      const version = tokenVersion(hexToBytes(value.token));
      if (this.#database.domainKeys.versions.includes(version) || attempt === READ_ATTEMPTS) return value;
      await this.#database.reloadKeyring();
      if (this.#database.domainKeys.versions.includes(version)) return value;
    }
  }
}
