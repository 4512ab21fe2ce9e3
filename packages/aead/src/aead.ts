/**
 * The engine for the size at hand: a synchronous one for small messages, and Web Crypto, which has the processor's AES
 * instructions but takes tens of microseconds to answer at all, above the size where it wins.
 */
import { defaultSyncEngine } from "./default-engine.ts";
import type { AsyncEngine, EngineName, SyncEngine, WholeMessageOptions } from "./engine.ts";
import { typescriptEngine } from "./typescript/engine.ts";
import { type WasmEngineOptions, wasmEngine } from "./wasm/engine.ts";
import { webCryptoEngine } from "./web-crypto.ts";

/** Which engine to use. */
export interface AeadOptions extends Pick<WasmEngineOptions, "module"> {
  /** One engine for every message; chosen by size unless given. */
  readonly engine?: EngineName | undefined;
  /** Bytes from which on Web Crypto takes over; what was measured for the synchronous engine unless given. */
  readonly crossover?: number | undefined;
}

/** AES-GCM by whichever engine is faster. Answers come at once, or as a promise: `await` them. */
export interface Aead {
  /** The engine of small messages; `undefined` if Web Crypto was asked for. */
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
 * Chooses an engine.
 *
 * @throws {WebAssembly.CompileError} if a WebAssembly engine was asked for that the runtime can't run
 *
 * @example
 * ```ts
 * const { seal, open } = aead();
 * const sealed = await seal(key, iv, plaintext);
 * const opened = await open(key, iv, sealed);
 * ```
 */
export function aead(options: AeadOptions = {}): Aead {
  if (options.engine === "webcrypto") return { sync: undefined, ...webCryptoEngine() };
  const sync = syncEngine(options);
  if (options.engine !== undefined || globalThis.crypto?.subtle === undefined) return { sync, ...sync };
  return bySize(sync, webCryptoEngine(), options.crossover ?? crossoverOf(sync));
}

function syncEngine({ engine, module }: AeadOptions): SyncEngine {
  if (engine === "typescript") return typescriptEngine();
  if (engine !== undefined && engine !== "webcrypto") return wasmEngine({ name: engine, module });
  return module === undefined ? defaultSyncEngine() : wasmEngine({ module });
}

function crossoverOf({ name }: SyncEngine): number {
  return name === "typescript" ? CROSSOVER.typescript : CROSSOVER.wasm;
}

function bySize(sync: SyncEngine, large: AsyncEngine, crossover: number): Aead {
  // Not every platform takes every length: Chromium has no AES-192, Node.js no short IV.
  const forPlatform = (key: Uint8Array, iv: Uint8Array, length: number): boolean =>
    length >= crossover && key.length !== 24 && iv.length === 12;
  return {
    sync,
    seal: (key, iv, plaintext, options) =>
      (forPlatform(key, iv, plaintext.length) ? large : sync).seal(key, iv, plaintext, options),
    open: (key, iv, sealed, options) =>
      (forPlatform(key, iv, sealed.length) ? large : sync).open(key, iv, sealed, options),
  };
}
