/** The IndexedDB database: its one object store, and how it is opened. */

/** The object store of the records. */
export const RECORDS = "record";

/** Version of the database's layout. */
const LAYOUT = 1;

/** Opens the database, and makes it if there is none. Rejects with the browser's error. */
export function openDatabase(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, LAYOUT);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(RECORDS, { keyPath: "key" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the database does not open"));
    request.onblocked = () => reject(new Error("another tab holds an older version of the database"));
  });
}
