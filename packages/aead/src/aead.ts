/**
 * The engine for the size at hand: a synchronous one for small messages, and Web Crypto, which has the processor's AES
 * instructions but takes tens of microseconds to answer at all, above the size where it wins.
 */
import type { AsyncEngine, EngineName, SyncEngine, WholeMessageOptions } from "./engine.ts";
import { loadEngine, vectorEngine } from "./load-engine.ts";
import { wasmEngine } from "./wasm/engine.ts";
import { webCryptoEngine } from "./web-crypto.ts";

/** Which engine to use. */
export interface AeadOptions {
  /** One engine for every message; chosen by size unless given. */
  readonly engine?: EngineName | undefined;
  /** A compiled module, where compiling from bytes is forbidden: of `engine` if that is given, otherwise of `wasm-simd`. */
  readonly module?: WebAssembly.Module | undefined;
  /** Bytes from which on Web Crypto takes over; what was measured for the synchronous engine unless given. */
  readonly crossover?: number | undefined;
}

/** AES-GCM by whichever engine is faster. Answers come at once, or as a promise: `await` them. */
export interface Aead {
  /** The engine of small messages, if it is synchronous and at hand. */
  readonly sync: SyncEngine | undefined;
  /** As {@link SyncEngine.seal}. */
  seal(
    key: Uint8Array,
    iv: Uint8Array,
    plaintext: Uint8Array,
    options?: WholeMessageOptions,
  ): Uint8Array | Promise<Uint8Array>;
  /** As {@link SyncEngine.open}. */
  open(
    key: Uint8Array,
    iv: Uint8Array,
    sealed: Uint8Array,
    options?: WholeMessageOptions,
  ): Uint8Array | Promise<Uint8Array>;
}

/** Where Web Crypto, importing the key, begins to be faster (docs/decisions/0011-engines-and-choice.md). */
const CROSSOVER: Readonly<Record<"wasm" | "typescript", number>> = { wasm: 16_384, typescript: 2048 };

/**
 * Chooses an engine. WebAssembly with SIMD is at hand, and answers at once; the others are loaded when they are needed.
 *
 * @throws {WebAssembly.CompileError} if WebAssembly with SIMD was asked for, or a module was handed in, that the runtime can't
 *   run; a scalar WebAssembly engine that it can't run rejects with it
 *
 * @example
 * ```ts
 * const { seal, open } = aead();
 * const sealed = await seal(key, iv, plaintext);
 * const opened = await open(key, iv, sealed);
 * ```
 */
export function aead(options: AeadOptions = {}): Aead {
  const { engine, module, crossover } = options;
  if (engine === "webcrypto") return { sync: undefined, ...webCryptoEngine() };
  const small = smallEngine(engine, module);
  if (engine !== undefined || globalThis.crypto?.subtle === undefined) return small;
  const from = crossover ?? (small.sync === undefined ? CROSSOVER.typescript : CROSSOVER.wasm);
  return bySize(small, webCryptoEngine(), from);
}

function smallEngine(
  engine: Exclude<EngineName, "webcrypto"> | undefined,
  module: WebAssembly.Module | undefined,
): Aead {
  if (engine === "typescript") return later(loadEngine(engine));
  if (module !== undefined) return atOnce(wasmEngine({ module, name: engine }));
  if (engine === "wasm-scalar") return later(loadEngine(engine));
  if (engine !== undefined) return atOnce(wasmEngine({ name: engine }));
  const vector = vectorEngine();
  return vector === undefined ? later(loadEngine()) : atOnce(vector);
}

function atOnce(sync: SyncEngine): Aead {
  return { sync, seal: sync.seal, open: sync.open };
}

function later(engine: Promise<SyncEngine>): Aead {
  // Whoever seals hears of it.
  engine.catch(() => {});
  return {
    sync: undefined,
    seal: async (...message) => (await engine).seal(...message),
    open: async (...message) => (await engine).open(...message),
  };
}

function bySize(small: Aead, large: AsyncEngine, crossover: number): Aead {
  // Not every platform takes every length: Chromium has no AES-192, Node.js no short IV.
  const forPlatform = (key: Uint8Array, iv: Uint8Array, length: number): boolean =>
    length >= crossover && key.length !== 24 && iv.length === 12;
  return {
    sync: small.sync,
    seal: (key, iv, plaintext, options) =>
      (forPlatform(key, iv, plaintext.length) ? large : small).seal(key, iv, plaintext, options),
    open: (key, iv, sealed, options) =>
      (forPlatform(key, iv, sealed.length) ? large : small).open(key, iv, sealed, options),
  };
}
