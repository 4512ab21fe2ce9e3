/**
 * What is timed: secrets of class 0 are fixed, those of class 1 random. Both are put in place by the same loads and stores, and
 * then the first-level cache is emptied, so that a table that secrets index would be felt.
 */
import { AuthenticationError, loadEngine } from "@kmslite/aead";
import { compile } from "../../../assembly/constant-time/compile.ts";
import type { Random } from "../soak/random.ts";

/** A call and its two classes of inputs. */
export interface Target {
  readonly name: string;
  /** Whether it leaks, and has to be caught. */
  readonly control: boolean;
  /** Puts the inputs of class 0 or 1 in place; not timed. */
  readonly prepare: (which: number) => void;
  readonly run: () => void;
}

const ENGINES = ["wasm-relaxed-simd", "wasm-simd", "wasm-scalar"] as const;
/** Random secrets to choose from. */
const POOL = 1024;

/** The controls first. The secrets come from `random`, so that a run can be had again. */
export async function targets(random: Random): Promise<readonly Target[]> {
  return [
    earlyExit(random),
    await tTable(random),
    ...(await Promise.all(ENGINES.map((name) => wasmTargets(name, random)))).flat(),
  ];
}

/** A comparison that stops at the first difference. */
function earlyExit(random: Random): Target {
  const right = random.bytes(256);
  const candidate = new Uint8Array(256);
  return {
    name: "control.early-exit",
    control: true,
    prepare: oneOfTwo(candidate, changedLast(right), inverted(right)),
    run: () => {
      for (let i = 0; i < 256; i++) if (candidate[i] !== right[i]) return;
      throw new Error("different bytes compared equal");
    },
  };
}

/** AES with tables: how long it takes depends on how many of their cache lines a block happens to need. */
async function tTable(random: Random): Promise<Target> {
  const module = new WebAssembly.Module((await compile("constant-time/control/t-table.ts")) as BufferSource);
  const exports = new WebAssembly.Instance(module).exports as unknown as {
    readonly memory: WebAssembly.Memory;
    readonly KEY: WebAssembly.Global<"i32">;
    readonly BUFFER: WebAssembly.Global<"i32">;
    readonly prepare: () => void;
    readonly encrypt: () => void;
  };
  exports.prepare();
  const at = ({ value }: WebAssembly.Global<"i32">) => new Uint8Array(exports.memory.buffer, value, 16);
  at(exports.KEY).set(random.bytes(16));
  return {
    name: "control.t-table",
    control: true,
    prepare: fixedOrRandom(at(exports.BUFFER), random),
    run: () => exports.encrypt(),
  };
}

async function wasmTargets(name: (typeof ENGINES)[number], random: Random): Promise<readonly Target[]> {
  const { seal, open } = await loadEngine(name);
  const iv = random.bytes(12);
  const key = new Uint8Array(32);
  const plaintext = new Uint8Array(32);
  const forged = seal(key, iv, plaintext);
  const tag = forged.subarray(32);
  const right = Uint8Array.from(tag);
  const sealing = { control: false, run: () => void seal(key, iv, plaintext) };
  return [
    { ...sealing, name: `${name}.seal.key`, prepare: fixedOrRandom(key, random) },
    { ...sealing, name: `${name}.seal.plaintext`, prepare: fixedOrRandom(plaintext, random) },
    {
      name: `${name}.open.tag`,
      control: false,
      prepare: oneOfTwo(tag, changedLast(right), inverted(right)),
      run: () => refused(() => open(new Uint8Array(32), iv, forged)),
    },
  ];
}

function fixedOrRandom(secret: Uint8Array, random: Random): (which: number) => void {
  const fixed = random.bytes(secret.length);
  const pool = random.bytes(POOL * secret.length);
  let turn = 0;
  return (which) => {
    const from = (turn++ % POOL) * secret.length;
    choose(secret, which, fixed, pool, from);
    emptyCache();
  };
}

function oneOfTwo(secret: Uint8Array, zero: Uint8Array, one: Uint8Array): (which: number) => void {
  return (which) => {
    choose(secret, which, zero, one, 0);
    emptyCache();
  };
}

/** Reads both and writes one, so that nothing but the bytes written tells the classes apart. */
function choose(to: Uint8Array, which: number, zero: Uint8Array, one: Uint8Array, from: number): void {
  // Not −which: minus zero is no small integer.
  const mask = 0 - which;
  for (let i = 0; i < to.length; i++)
    to[i] = ((zero[i] as number) & ~mask) | ((one[from + i] as number) & mask);
}

const LINE = 64;
/** Twice what first-level caches commonly hold. */
const elsewhere = new Uint8Array(65_536);
let sink = 0;

function emptyCache(): void {
  for (let i = 0; i < elsewhere.length; i += LINE) sink = (sink + (elsewhere[i] as number)) | 0;
}

function changedLast(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte));
}

function inverted(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte ^ 0xff);
}

function refused(open: () => unknown): void {
  try {
    open();
  } catch (error) {
    if (error instanceof AuthenticationError) return;
    throw error;
  }
  throw new Error("a forged tag was accepted");
}
