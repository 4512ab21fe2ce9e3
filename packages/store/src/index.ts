/** The store contract and the adapter that needs no platform. Others have an entry of their own. */
export * from "./contract.ts";
