/** KMSLite on Node.js: a KMS in a folder, with an SQLite store and a root key file. Needs Node.js 22.13 or newer. */
export { type SqliteStoreOptions, sqliteStore } from "@kmslite/store/sqlite";
export { type AuditFileOptions, auditFile } from "./audit-file.ts";
export type { DataDirectory } from "./data-directory.ts";
export { type OpenedKms, type OpenKmsOptions, openKms } from "./open-kms.ts";
export { type Pkcs11Options, pkcs11Cluster } from "./pkcs11/token.ts";
export type { AskPassphrase } from "./root-key-file.ts";
export { SetupError, type SetupErrorCode } from "./setup-error.ts";
export { type XksFetchOptions, xksFetch } from "./xks-fetch.ts";
