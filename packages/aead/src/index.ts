/**
 * AES-GCM (NIST SP 800-38D) behind one interface.
 *
 * @module
 */
export { type Aead, type AeadOptions, aead } from "./aead.ts";
export { defaultSyncEngine } from "./default-engine.ts";
export {
  type AeadKey,
  type AsyncEngine,
  AuthenticationError,
  type EngineName,
  type MessageOptions,
  type Opener,
  type OpenerOptions,
  type Sealer,
  type SyncEngine,
  type UnverifiedOpener,
  type WholeMessageOptions,
} from "./engine.ts";
export { openingStream, sealingStream, unverifiedOpeningStream } from "./streams.ts";
export { typescriptEngine } from "./typescript/engine.ts";
export { type WasmEngineOptions, wasmEngine } from "./wasm/engine.ts";
export { webCryptoEngine } from "./web-crypto.ts";
