/** Primitives of a key management service under their standards' names. */
export * from "./bytes.ts";
export * from "./constant-time.ts";
export * from "./hmac-key.ts";
export * from "./kbkdf.ts";
export * from "./sha256.ts";
