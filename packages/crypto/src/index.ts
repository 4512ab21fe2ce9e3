/** Primitives of a key management service under their standards' names. */

// First, so that it stands at one end of a bundle: between the code, its digits gzip to more.
import "./wasm/hmac-sha256.generated.ts";

export * from "./bytes.ts";
export * from "./constant-time.ts";
export * from "./hmac-key.ts";
export * from "./kbkdf.ts";
export * from "./sha256.ts";
