/**
 * The compiled module as the engines see it. The names are those that `assembly/src/gcm.ts` exports.
 *
 * All of the module's state is its linear memory. Calls are synchronous, so one instance serves a whole realm: what a call
 * leaves in the shared work areas is wiped before control returns to the caller of the engine.
 */

/** Exports of the module. Addresses are bytes into its memory. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly KEY: WebAssembly.Global;
  readonly IV: WebAssembly.Global;
  readonly TAG: WebAssembly.Global;
  readonly BUFFER: WebAssembly.Global;
  readonly CAPACITY: WebAssembly.Global;
  readonly CONTEXT: WebAssembly.Global;
  readonly CONTEXT_SIZE: WebAssembly.Global;
  readonly MESSAGE: WebAssembly.Global;
  readonly MESSAGE_SIZE: WebAssembly.Global;
  heapStart(): number;
  expandKey(context: number, keyLength: number): void;
  prepare(context: number): void;
  begin(context: number): void;
  beginLongIv(): void;
  endLongIv(context: number, length: number): void;
  hash(context: number, length: number): void;
  sealPiece(context: number, length: number): void;
  openPiece(context: number, length: number): void;
  finish(context: number, aadLength: number, textLength: number): void;
  verify(context: number, aadLength: number, textLength: number, tagLength: number): number;
  seal(context: number, keyLength: number, aadLength: number, textLength: number): void;
  open(context: number, keyLength: number, aadLength: number, textLength: number, tagLength: number): number;
  wipe(address: number, length: number): void;
  wipeMessage(): void;
  wipeFreshKey(context: number): void;
}

/** One instance of the module. */
export interface Kernel {
  readonly exports: KernelExports;
  /** The module's memory; another object after the memory has grown. */
  readonly bytes: () => Uint8Array;
  readonly key: number;
  readonly iv: number;
  readonly tag: number;
  readonly buffer: number;
  readonly capacity: number;
  /** Place of the expanded key of one-shot calls. */
  readonly context: number;
  readonly contextSize: number;
  readonly message: number;
  readonly messageSize: number;
  /** First byte that the module does not use itself. */
  readonly heap: number;
}

/** Instantiates a compiled module. */
export function instantiate(module: WebAssembly.Module): Kernel {
  const exports = new WebAssembly.Instance(module).exports as unknown as KernelExports;
  const at = (global: WebAssembly.Global) => global.value as number;
  let bytes = new Uint8Array(exports.memory.buffer);
  return {
    exports,
    bytes: () => {
      if (bytes.length === 0) bytes = new Uint8Array(exports.memory.buffer);
      return bytes;
    },
    key: at(exports.KEY),
    iv: at(exports.IV),
    tag: at(exports.TAG),
    buffer: at(exports.BUFFER),
    capacity: at(exports.CAPACITY),
    context: at(exports.CONTEXT),
    contextSize: at(exports.CONTEXT_SIZE),
    message: at(exports.MESSAGE),
    messageSize: at(exports.MESSAGE_SIZE),
    heap: exports.heapStart(),
  };
}
