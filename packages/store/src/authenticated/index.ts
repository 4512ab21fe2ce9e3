/** Authenticated records over any store: tampering with the database is found and named. */
export * from "./authenticated-store.ts";
export { endOf, reaches, sentinelOf, tableOf } from "./chain.ts";
export * from "./mutation.ts";
export { beginTables, firstVersion } from "./plan.ts";
export * from "./record.ts";
