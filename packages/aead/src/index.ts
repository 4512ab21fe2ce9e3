/** AES-GCM behind one interface: WebAssembly, pure TypeScript, Web Crypto. */
export { defaultSyncEngine } from "./default-engine.ts";
export * from "./engine.ts";
export { typescriptEngine } from "./typescript/engine.ts";
export { webCryptoEngine } from "./web-crypto.ts";
