/**
 * KMSLite, embedded: a key management service inside a process, with the API of AWS KMS.
 *
 * This entry uses Web-standard APIs only. What needs Node.js (files, SQLite) is in `kmslite/node`.
 */
export {
  createPassphraseFile,
  cryptoKeyRootKey,
  ephemeralRootKey,
  HierarchyError,
  type HierarchyErrorCode,
  type KmsClientForRootKey,
  kmsRootKey,
  type NamedCryptoKey,
  openPassphraseFile,
  type RootKey,
  rootKeyFromText,
  secretRootKey,
} from "@kmslite/hierarchy";
export type * from "@kmslite/service";
export { KmsError } from "@kmslite/service";
export { memoryStore, type Store, StoreError, type StoreErrorCode } from "@kmslite/store";
export { IntegrityError } from "@kmslite/store/authenticated";
export type { AccessKey } from "@kmslite/wire";
export type { SdkRequestHandler } from "@kmslite/wire/in-process";
export { createKms, type FetchHandlerOptions, type Kms, type KmsOptions, type RegionalKms } from "./kms.ts";
export type { Principal } from "./principal.ts";
