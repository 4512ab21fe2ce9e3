/** AWS JSON 1.1 and Signature Version 4: the KMS for clients that speak AWS. */
export * from "./authenticate.ts";
export type { Connection, ConnectionOf } from "./connection.ts";
export { type Answer, CONTENT_TYPE } from "./exchange.ts";
export * from "./handler.ts";
export * from "./sigv4/index.ts";
