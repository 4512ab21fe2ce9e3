/** What is timed: secrets of class 0 are fixed, those of class 1 random; both are written by the same stores. */
import { randomBytes } from "node:crypto";
import { AuthenticationError, wasmEngine } from "@kmslite/aead";

/** A call and its two classes of inputs. */
export interface Target {
  readonly name: string;
  /** Puts the inputs of class 0 or 1 in place; not timed. */
  readonly prepare: (which: number) => void;
  readonly run: () => void;
}

const ENGINES = ["wasm-relaxed-simd", "wasm-simd", "wasm-scalar"] as const;
const POOL = 1024;

export function targets(): readonly Target[] {
  return [earlyExit(), ...wasmTargets()];
}

/** The leaky control: a comparison that stops at the first difference. A run that shows nothing here shows nothing at all. */
function earlyExit(): Target {
  const right = randomBytes(256);
  const almost = right.map((byte, i) => (i === 255 ? byte ^ 1 : byte));
  const wrong = right.map((byte) => byte ^ 0xff);
  const candidate = new Uint8Array(256);
  return {
    name: "control.early-exit",
    prepare: (which) => candidate.set(which === 0 ? almost : wrong),
    run: () => {
      for (let i = 0; i < 256; i++) if (candidate[i] !== right[i]) return;
      throw new Error("different bytes compared equal");
    },
  };
}

function wasmTargets(): readonly Target[] {
  return ENGINES.flatMap((name) => {
    const { seal, open } = wasmEngine({ name });
    const iv = randomBytes(12);
    const key = new Uint8Array(32);
    const plaintext = new Uint8Array(32);
    const sealed = seal(key, iv, plaintext);
    const rightTag = sealed.slice(32);
    // Class 0 is right but for the last byte, class 1 wrong from the first.
    const almost = rightTag.map((byte, i) => (i === 15 ? byte ^ 1 : byte));
    const wrong = rightTag.map((byte) => byte ^ 0xff);
    const forged = sealed.slice();
    return [
      { name: `${name}.seal.key`, prepare: fixedOrRandom(key), run: () => void seal(key, iv, plaintext) },
      {
        name: `${name}.seal.plaintext`,
        prepare: fixedOrRandom(plaintext),
        run: () => void seal(key, iv, plaintext),
      },
      {
        name: `${name}.open.tag`,
        prepare: (which: number) => {
          const tag = which === 0 ? almost : wrong;
          for (let i = 0; i < 16; i++) forged[32 + i] = tag[i] as number;
        },
        run: () => refused(() => open(new Uint8Array(32), iv, forged)),
      },
    ];
  });
}

/** Both classes copy from a pool of the same size by the same index, so that preparing leaves the caches alike. */
function fixedOrRandom(secret: Uint8Array): (which: number) => void {
  const size = secret.length;
  const fixed = randomBytes(size);
  const pools = [new Uint8Array(POOL * size), new Uint8Array(randomBytes(POOL * size))];
  for (let i = 0; i < POOL; i++) pools[0]?.set(fixed, i * size);
  let turn = 0;
  return (which) => {
    const pool = pools[which] as Uint8Array;
    const from = (turn++ % POOL) * size;
    for (let i = 0; i < size; i++) secret[i] = pool[from + i] as number;
  };
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
