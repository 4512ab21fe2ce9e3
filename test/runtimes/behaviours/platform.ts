/** What a runtime offers to the suite, and what the suite tells of it. */
import { createKms, type Kms, type RootKey, type Store } from "kmslite";

/** A kind of store that the platform has. */
export interface PlatformStore {
  readonly name: string;
  /** An empty one that nobody else uses; removed by `dispose`. */
  create(): Promise<{ open(): Promise<Store>; dispose(): Promise<void> }>;
  /** The one that outlives a restart, always the same; undefined if nothing does. */
  readonly lasting?: () => Promise<Store>;
}

/** A runtime, as its entry describes it. */
export interface Platform {
  readonly stores: readonly PlatformStore[];
  /** The platform's own kind of root key, the same one after a restart. */
  readonly rootKey: () => Promise<RootKey>;
  /** Compiled modules, where compiling from bytes is forbidden. */
  readonly modules?: Readonly<Record<"wasm-simd" | "wasm-relaxed-simd" | "wasm-scalar", WebAssembly.Module>>;
}

/** Keys and ciphertext made in one runtime, for all others to open. */
export interface Artifact {
  readonly runtime: string;
  /** The root secret, and all below in hexadecimal digits. */
  readonly secret: string;
  readonly records: readonly { readonly key: string; readonly version: number; readonly value: string }[];
  readonly blobs: readonly {
    readonly blob: string;
    readonly context: Readonly<Record<string, string>>;
    readonly plaintext: string;
  }[];
}

/** One thing that was tried: `detail` says how, or why not. */
export interface Outcome {
  readonly name: string;
  readonly result: "passed" | "failed" | "absent";
  readonly detail?: string;
}

/** What the suite is asked. */
export type Question =
  /** Everything that one instance can show by itself. */
  | { readonly phase: "first"; readonly runtime: string }
  /** Writes to the lasting stores while another instance does the same. */
  | { readonly phase: "sharing"; readonly who: string }
  /** Writes to the lasting stores until the instance is killed, and tells an address what was acknowledged. */
  | { readonly phase: "until killed"; readonly run: string; readonly tell: string }
  /** What only shows after a restart. */
  | {
      readonly phase: "restarted";
      readonly artifacts: readonly Artifact[];
      /** Those who shared the stores, if any did. */
      readonly writers: readonly string[];
      /** What was acknowledged before instances were killed, by store; undefined if none was. */
      readonly acknowledged?: Readonly<Record<string, readonly string[]>>;
    }
  /** Only in pages: a passkey as root key. */
  | { readonly phase: "passkey" };

export interface Answer {
  readonly outcomes: readonly Outcome[];
  readonly artifact?: Artifact;
}

/** Thrown by a behaviour that the runtime can't have. */
export class Absent extends Error {
  override readonly name = "Absent";
}

export async function attempt(name: string, run: () => Promise<unknown>): Promise<Outcome> {
  try {
    const detail = await run();
    return { name, result: "passed", ...(typeof detail === "string" ? { detail } : {}) };
  } catch (error) {
    if (error instanceof Absent) return { name, result: "absent", detail: error.message };
    return { name, result: "failed", detail: failureOf(error) };
  }
}

/** Only some runtimes begin a stack with the message. */
function failureOf(error: unknown): string {
  const { stack = "" } = error instanceof Error ? error : {};
  return stack.startsWith(String(error)) ? stack : `${String(error)}\n${stack}`;
}

export function same(what: string, found: unknown, expected: unknown): void {
  const [is, should] = [found, expected].map((value) => JSON.stringify(value));
  if (is !== should) throw new Error(`${what}: expected ${should}, got ${is}`);
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** How a KMS is told of the module, where there is one. */
export function moduleOf({ modules }: Platform): { readonly module?: WebAssembly.Module } {
  return modules === undefined ? {} : { module: modules["wasm-simd"] };
}

/** The alias of the key that outlives restarts. */
export const LASTING_ALIAS = "alias/lasting";

/** A KMS over a store that outlives restarts. */
export async function lastingKms(platform: Platform, { name, lasting }: PlatformStore): Promise<Kms> {
  if (lasting === undefined) throw new TypeError(`${name} does not outlive a restart`);
  return createKms({ root: await platform.rootKey(), store: await lasting(), ...moduleOf(platform) });
}
