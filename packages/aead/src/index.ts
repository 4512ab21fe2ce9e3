/**
 * AES-GCM (NIST SP 800-38D) behind one interface.
 *
 * @module
 */
export { defaultSyncEngine } from "./default-engine.ts";
export {
  type AsyncEngine,
  AuthenticationError,
  type EngineName,
  type MessageOptions,
  type SyncEngine,
} from "./engine.ts";
export { typescriptEngine } from "./typescript/engine.ts";
export { type WasmEngineOptions, wasmEngine } from "./wasm/engine.ts";
export { webCryptoEngine } from "./web-crypto.ts";
