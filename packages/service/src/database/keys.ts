/**
 * Where records stand in the store (docs/architecture.md).
 *
 * The first segment is the table. Regions, account ids, key ids and alias names hold no space and no character above
 * 0x7e, so they stand as they are.
 */
import type { Place } from "../arn.ts";
import type { KeyRecord } from "./records.ts";

/** The tables of the first stores, whose keyrings name none. */
export const FIRST_TABLES: readonly string[] = [
  "account-key/",
  "alias/",
  "backing/",
  "due/",
  "key/",
  "key-alias/",
  "material/",
];

/** Every table; each begins with a sentinel record. A store from before one was added here gets it when it is opened. */
export const TABLES: readonly string[] = [
  ...FIRST_TABLES,
  "audit/",
  "grant-count/",
  "grant-name/",
  "grant/",
  "iam/",
  "key-stores/",
  "retirable/",
  "usage/",
  "xks-key/",
];

/** The keyring: outside any table, since it is read before the record key is known. */
export const KEYRING = "keyring";

/** The record of a KMS key. */
export function keyKey(region: string, keyId: string): string {
  return `key/${region}/${keyId}`;
}

/** The index that ListKeys pages through. */
export function accountKeyKey(place: Place, keyId: string): string {
  return `account-key/${place.accountId}/${place.region}/${keyId}`;
}

/** What says where a key's material stands. */
export type MaterialPlace = Pick<KeyRecord, "region" | "keyId" | "related">;

/** A key token. */
export function backingKeyKey(key: MaterialPlace, keyMaterialId: string): string {
  return `${backingPrefix(key)}${keyMaterialId}`;
}

/** Where the key tokens of a key begin. */
export function backingPrefix(key: MaterialPlace): string {
  return `backing/${materialRegion(key)}/${key.keyId}/`;
}

/** One version of a key's material, in order: 1 is the first. */
export function materialKey(key: MaterialPlace, sequence: number): string {
  return `${materialPrefix(key)}${String(sequence).padStart(8, "0")}`;
}

/** Where the versions of a key's material begin. */
export function materialPrefix(key: MaterialPlace): string {
  return `material/${materialRegion(key)}/${key.keyId}/`;
}

/** Related keys have the same material, in one place. */
function materialRegion({ region, related }: MaterialPlace): string {
  return related?.material ?? region;
}

/** An alias by its name, which begins with `alias/`. */
export function aliasKey(place: Place, name: string): string {
  return `alias/${place.accountId}/${place.region}/${name.slice("alias/".length)}`;
}

/** The same alias by its key. */
export function keyAliasKey(region: string, keyId: string, name: string): string {
  return `key-alias/${region}/${keyId}/${name.slice("alias/".length)}`;
}

/** A grant of a key. */
export function grantKey(region: string, keyId: string, grantId: string): string {
  return `grant/${region}/${keyId}/${grantId}`;
}

/** How many grants a key has. */
export function grantCountKey(region: string, keyId: string): string {
  return `grant-count/${region}/${keyId}`;
}

/** Which grant was made by a named request; `digest` is that of the request. */
export function grantNameKey(region: string, keyId: string, digest: string): string {
  return `grant-name/${region}/${keyId}/${digest}`;
}

/** The same grant by who may retire it; `digest` is that of the principal. */
export function retirableKey(region: string, digest: string, keyId: string, grantId: string): string {
  return `${retirablePrefix(region, digest)}${keyId}/${grantId}`;
}

/** Where the grants begin that a principal may retire. */
export function retirablePrefix(region: string, digest: string): string {
  return `retirable/${region}/${digest}/`;
}

/** When a key was last used. */
export function usageKey(region: string, keyId: string): string {
  return `usage/${region}/${keyId}`;
}

/** The custom key stores of an account and Region: few, and so they are one record. */
export function keyStoresKey(place: Place): string {
  return `key-stores/${place.accountId}/${place.region}`;
}

/** Which key uses an external key; two of one key store never use the same. */
export function xksKeyKey(customKeyStoreId: string, xksKeyId: string): string {
  return `xks-key/${customKeyStoreId}/${xksKeyId}`;
}

/** Work that is due at a time: milliseconds since 1970, in 15 digits so that keys sort by time. */
export function dueKey(time: number, task: string): string {
  return `due/${String(time).padStart(15, "0")}/${task}`;
}

/** The range of every key that begins with `prefix`, which ends in "/" ("0" follows "/"). */
export function under(prefix: string): { readonly start: string; readonly end: string } {
  return { start: prefix, end: `${prefix.slice(0, -1)}0` };
}
