/**
 * AES-GCM (NIST SP 800-38D) behind one interface. The engines that few need are loaded when they are: see `loadEngine`.
 *
 * @module
 */

// First, so that it stands at one end of a bundle: between the code, its digits gzip to 275 bytes more.
import "./wasm/gcm-relaxed-simd.generated.ts";

export { type Aead, type AeadOptions, aead } from "./aead.ts";
export {
  type AeadKey,
  type AsyncEngine,
  AuthenticationError,
  type EngineName,
  type MessageEngine,
  type MessageOptions,
  type Opener,
  type OpenerOptions,
  type Sealer,
  type SyncEngine,
  type UnverifiedOpener,
  type WholeMessageOptions,
} from "./engine.ts";
export { loadEngine } from "./load-engine.ts";
export { openingStream, sealingStream, unverifiedOpeningStream } from "./streams.ts";
export { wasmEngine } from "./wasm/engine.ts";
export type { WasmEngineOptions } from "./wasm/message-engine.ts";
export { webCryptoEngine } from "./web-crypto.ts";
