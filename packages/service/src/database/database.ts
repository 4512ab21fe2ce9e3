/**
 * The store, opened: authenticated records and the domain keys, from a root key.
 */
import type { HmacSha256Key } from "@kmslite/crypto";
import {
  type Cryptography,
  createKeyring,
  type Keyring,
  OpaqueTokens,
  type OpenKeyring,
  openDomainKeys,
  openKeyring,
  type RootKey,
} from "@kmslite/hierarchy";
import type { Store, StoreRecord } from "@kmslite/store";
import {
  AuthenticatedStore,
  type AuthenticRecord,
  beginTables,
  decodeRecord,
  encodeRecord,
  firstVersion,
  IntegrityError,
  unverifiedPayload,
} from "@kmslite/store/authenticated";
import { FIRST_TABLES, KEYRING, TABLES } from "./keys.ts";
import { decode, encode } from "./records.ts";

/** A store that its root key opened. */
export class Database {
  readonly records: AuthenticatedStore;
  readonly grantTokens: OpaqueTokens;
  readonly importTokens: OpaqueTokens;
  readonly cryptography: Cryptography;
  /** What the records are kept in. */
  readonly store: Store;
  readonly #rootKey: RootKey;
  readonly #open: OpenKeyring;
  #keyring: AuthenticRecord;

  private constructor(
    store: Store,
    rootKey: RootKey,
    cryptography: Cryptography,
    open: OpenKeyring,
    keyring: AuthenticRecord,
  ) {
    this.store = store;
    this.#rootKey = rootKey;
    this.cryptography = cryptography;
    this.#open = open;
    this.#keyring = keyring;
    this.records = new AuthenticatedStore(store, open.recordKey);
    this.grantTokens = new OpaqueTokens(open.recordKey, "KMSLite grant token, format 1");
    this.importTokens = new OpaqueTokens(open.recordKey, "KMSLite import token, format 1");
  }

  /**
   * Opens a store, and makes its keyring and tables if it is new.
   *
   * @throws {HierarchyError} `WrongRootKey`
   * @throws {IntegrityError} if the keyring was edited, or is missing from a store that is not empty
   */
  static async open(
    store: Store,
    rootKey: RootKey,
    cryptography: Cryptography,
    now: number,
  ): Promise<Database> {
    let stored = await store.get(KEYRING);
    if (stored === undefined) {
      await begin(store, rootKey, cryptography, now);
      stored = await store.get(KEYRING);
    }
    if (stored === undefined) {
      throw new IntegrityError(
        KEYRING,
        "is missing: the store holds records, but not the keys that open them",
      );
    }
    const keyring = readKeyring(stored);
    const open = await openKeyring(keyring, rootKey, cryptography);
    try {
      const record = decodeRecord(open.recordKey, stored);
      const database = new Database(store, rootKey, cryptography, open, record);
      await database.#beginNewTables();
      return database;
    } catch (error) {
      open.destroy();
      throw error;
    }
  }

  /** The domain keys in memory. */
  get domainKeys(): OpenKeyring["domainKeys"] {
    return this.#open.domainKeys;
  }

  /** Authenticates records. */
  get recordKey(): HmacSha256Key {
    return this.#open.recordKey;
  }

  /** The keyring's record: whoever writes a key token holds it still, so that no domain key is dropped meanwhile. */
  get keyringRecord(): AuthenticRecord {
    return this.#keyring;
  }

  get keyring(): Keyring {
    return decode<Keyring>(this.#keyring).value;
  }

  /** Reads the keyring anew: another process may have rotated the domain key. */
  async reloadKeyring(): Promise<void> {
    const stored = await this.store.get(KEYRING);
    if (stored === undefined) throw new IntegrityError(KEYRING, "is missing");
    const record = decodeRecord(this.#open.recordKey, stored);
    await openDomainKeys(decode<Keyring>(record).value, this.#rootKey, this.domainKeys);
    this.#keyring = record;
  }

  /** Replaces the keyring, unless somebody else did meanwhile; then `false`, and it was read anew. */
  async replaceKeyring(change: (keyring: Keyring, rootKey: RootKey) => Promise<Keyring>): Promise<boolean> {
    const found = this.#keyring;
    const payload = encode(await change(this.keyring, this.#rootKey));
    const record: AuthenticRecord = { ...found, version: found.version + 1, payload };
    const replaced = await this.store.commit({
      checks: [{ key: KEYRING, version: found.version }],
      sets: [{ key: KEYRING, version: record.version, value: encodeRecord(this.#open.recordKey, record) }],
      deletes: [],
    });
    await this.reloadKeyring();
    return replaced;
  }

  /**
   * Begins the tables that came since the store was made. The keyring says which there are: a table whose beginning is
   * missing although the keyring names it was tampered with, and is not begun again.
   */
  async #beginNewTables(): Promise<void> {
    for (;;) {
      const { keyring, keyringRecord: found } = this;
      const present = keyring.tables ?? FIRST_TABLES;
      const missing = TABLES.filter((table) => !present.includes(table));
      if (missing.length === 0) return;
      const { checks, sets } = beginTables(this.#open.recordKey, missing);
      const payload = encode({ ...keyring, tables: [...present, ...missing] });
      const record: AuthenticRecord = { ...found, version: found.version + 1, payload };
      await this.store.commit({
        checks: [...checks, { key: KEYRING, version: found.version }],
        sets: [
          ...sets,
          { key: KEYRING, version: record.version, value: encodeRecord(this.#open.recordKey, record) },
        ],
        deletes: [],
      });
      // Another process may have done the same at the same time.
      await this.reloadKeyring();
    }
  }

  /** Wipes the keys in memory. The store is the caller's to close. */
  close(): void {
    this.grantTokens.destroy();
    this.importTokens.destroy();
    this.#open.destroy();
  }
}

/** Another process may begin the same store at the same time: only one commit finds it empty. */
async function begin(store: Store, rootKey: RootKey, cryptography: Cryptography, now: number): Promise<void> {
  const keyring: Keyring = { ...(await createKeyring(rootKey, cryptography, now)), tables: TABLES };
  const open = await openKeyring(keyring, rootKey, cryptography);
  try {
    const tables = beginTables(open.recordKey, TABLES);
    const record = { key: KEYRING, version: firstVersion(), payload: encode(keyring), next: "" };
    await store.commit({
      checks: [...tables.checks, { key: KEYRING, version: null }],
      sets: [
        ...tables.sets,
        { key: KEYRING, version: record.version, value: encodeRecord(open.recordKey, record) },
      ],
      deletes: [],
    });
  } finally {
    open.destroy();
  }
}

const HEX = /^(?:[0-9a-f]{2})+$/;

/** The keyring before it can be verified, because the key that verifies it is in it. */
function readKeyring(stored: StoreRecord): Keyring {
  const payload = unverifiedPayload(stored.value);
  const keyring = payload === undefined ? undefined : parse(payload);
  if (isKeyring(keyring)) return keyring;
  throw new IntegrityError(KEYRING, "was edited: it is not a keyring of format 1");
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
}

function isKeyring(value: unknown): value is Keyring {
  const keyring = value as Partial<Keyring> | null | undefined;
  return (
    keyring?.format === 1 &&
    typeof keyring.id === "string" &&
    typeof keyring.rootKeyId === "string" &&
    typeof keyring.recordKey === "string" &&
    HEX.test(keyring.recordKey) &&
    Array.isArray(keyring.domainKeys) &&
    keyring.domainKeys.length > 0 &&
    keyring.domainKeys.every((key) => Number.isInteger(key?.version) && HEX.test(key.wrapped))
  );
}
