/** A root key that the browser keeps for the origin: a Web Crypto key in IndexedDB, which no script can read. */
import { cryptoKeyRootKey, type NamedCryptoKey, newCryptoKey, type RootKey } from "@kmslite/hierarchy";
import { StoreError } from "@kmslite/store";

const KEYS = "key";
const ROOT = "root";

export interface BrowserRootKeyOptions {
  /** The database's name within the origin. Default `kmslite-root-key`. */
  readonly name?: string;
  /** The platform's, unless given. */
  readonly factory?: IDBFactory;
}

/**
 * The origin's root key; made at the first call, and the same one ever after, in every tab and worker.
 *
 * Scripts of the origin can use it and not read it, so that an attacker's script can decrypt while it runs and take nothing along.
 * It is lost with the site's data: whatever must outlive that needs a passphrase, a passkey or a secret from elsewhere.
 *
 * @throws {StoreError} `Unavailable` if the browser has no IndexedDB here, refuses it, or can't keep keys in it
 */
export async function browserRootKey(options: BrowserRootKeyOptions = {}): Promise<RootKey> {
  const { name = "kmslite-root-key", factory = globalThis.indexedDB } = options;
  if (factory === undefined) throw new StoreError("Unavailable", "there is no IndexedDB in this runtime");
  try {
    const database = await openDatabase(factory, name);
    try {
      return cryptoKeyRootKey(
        (await stored(database)) ?? (await storedUnlessThere(database, await newCryptoKey())),
      );
    } finally {
      database.close();
    }
  } catch (error) {
    throw new StoreError("Unavailable", `the browser can't keep a root key: ${String(error)}`, {
      cause: error,
    });
  }
}

function openDatabase(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  const request = factory.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(KEYS);
  return ended(request);
}

function stored(database: IDBDatabase): Promise<NamedCryptoKey | undefined> {
  return ended<NamedCryptoKey | undefined>(database.transaction(KEYS).objectStore(KEYS).get(ROOT));
}

/** Of several tabs that make it at once, all use what the quickest stored. */
function storedUnlessThere(database: IDBDatabase, made: NamedCryptoKey): Promise<NamedCryptoKey> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(KEYS, "readwrite", { durability: "strict" });
    const keys = transaction.objectStore(KEYS);
    let used = made;
    const there: IDBRequest<NamedCryptoKey | undefined> = keys.get(ROOT);
    there.onsuccess = () => {
      if (there.result === undefined) keys.put(made, ROOT);
      else used = there.result;
    };
    transaction.oncomplete = () => resolve(used);
    transaction.onabort = () => reject(transaction.error);
  });
}

function ended<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
