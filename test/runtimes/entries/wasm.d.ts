/** What runtimes give that import compiled modules. */
declare module "@kmslite/aead/*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
