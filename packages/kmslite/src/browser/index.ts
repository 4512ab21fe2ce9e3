/**
 * KMSLite in a browser: in a page, a dedicated worker or a service worker.
 *
 * @example
 * ```ts
 * const kms = await createKms({ root: await browserRootKey(), store: await indexedDbStore() });
 * ```
 */

export { type IndexedDbStoreOptions, indexedDbStore } from "@kmslite/store/indexeddb";
export * from "../index.ts";
export { type NewPasskeyOptions, newPasskey, type PasskeyReference, passkeyRootKey } from "./passkey.ts";
export { type BrowserRootKeyOptions, browserRootKey } from "./root-key-database.ts";
