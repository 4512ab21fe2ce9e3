/** The custom key stores of an account and Region: found, added, changed, removed. All of them are one record. */
import type { Mutation } from "@kmslite/store/authenticated";
import type { Place } from "../arn.ts";
import { keyStoresKey } from "../database/keys.ts";
import { decode, encode, type Row } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { KeyStoreRecord, KeyStoresRecord } from "./records.ts";

/** The key stores as they were read. */
export class KeyStores {
  readonly #place: string;
  readonly #row: Row<KeyStoresRecord> | undefined;

  private constructor(place: string, row: Row<KeyStoresRecord> | undefined) {
    this.#place = place;
    this.#row = row;
  }

  static async read(runtime: Runtime, place: Place): Promise<KeyStores> {
    const key = keyStoresKey(place);
    const record = await runtime.database.records.get(key);
    return new KeyStores(key, record === undefined ? undefined : decode<KeyStoresRecord>(record));
  }

  /** In the order of their ids. */
  get all(): readonly KeyStoreRecord[] {
    return this.#row?.value.stores ?? [];
  }

  /** @throws {KmsError} CustomKeyStoreNotFoundException */
  withId(id: string): KeyStoreRecord {
    const found = this.all.find((store) => store.id === id);
    if (found === undefined) throw notFound(`id ${id}`);
    return found;
  }

  /** @throws {KmsError} CustomKeyStoreNotFoundException */
  withName(name: string): KeyStoreRecord {
    const found = this.all.find((store) => store.name === name);
    if (found === undefined) throw notFound(`name ${name}`);
    return found;
  }

  /** The mutation that puts `store` in the place of the one with its id, or adds it. */
  put(store: KeyStoreRecord): Mutation {
    const others = this.all.filter(({ id }) => id !== store.id);
    return this.#replace([...others, store].sort((left, right) => (left.id < right.id ? -1 : 1)));
  }

  /** The mutation that removes a key store. */
  remove(id: string): Mutation {
    return this.#replace(this.all.filter((store) => store.id !== id));
  }

  #replace(stores: readonly KeyStoreRecord[]): Mutation {
    const payload = encode({ stores } satisfies KeyStoresRecord);
    return this.#row === undefined
      ? { inserts: [{ key: this.#place, payload }] }
      : { updates: [{ record: this.#row.record, payload }] };
  }
}

function notFound(what: string): KmsError {
  return new KmsError(
    "CustomKeyStoreNotFoundException",
    `There is no custom key store with the ${what} in this account and Region.`,
  );
}
