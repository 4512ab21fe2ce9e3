/** What a call leaves in the module's memory: nothing of a key, of what was made of it, or of a plaintext. */
import { createCipheriv, randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadEngine } from "../load-engine.ts";
import { wasmEngine } from "./engine.ts";

let memory: WebAssembly.Memory;

beforeEach(() => {
  const Real = WebAssembly.Instance;
  vi.stubGlobal("WebAssembly", {
    ...{ Module: WebAssembly.Module, validate: WebAssembly.validate },
    Instance: class extends Real {
      constructor(module: WebAssembly.Module) {
        super(module);
        memory = this.exports["memory"] as WebAssembly.Memory;
      }
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const find = (secret: Uint8Array): number => Buffer.from(memory.buffer).indexOf(secret);

/** Bytes that are zero in a memory before anything ran, and not zero now. */
function changedSince(fresh: Buffer): Set<number> {
  const now = Buffer.from(memory.buffer);
  const places = new Set<number>();
  for (let place = 0; place < now.length; place++) if (now[place] !== (fresh[place] ?? 0)) places.add(place);
  return places;
}

test.each(["wasm-relaxed-simd", "wasm-simd", "wasm-scalar"] as const)(
  "%s wipes keys and plaintexts when a call returns, when it throws, and when a key is closed",
  async (name) => {
    const engine = await loadEngine(name);
    const fresh = Buffer.from(new Uint8Array(memory.buffer));
    const key = random(32);
    const plaintext = random(1000);
    const H = createCipheriv("aes-256-ecb", key, null).update(new Uint8Array(16));
    const secrets = [
      key,
      key.subarray(0, 16),
      key.subarray(16),
      H,
      plaintext.subarray(0, 32),
      plaintext.subarray(968),
    ];
    const iv = random(12);
    const nothingLeft = (): void => {
      for (const secret of secrets) expect(find(secret)).toBe(-1);
    };

    const sealed = engine.seal(key, iv, plaintext);
    nothingLeft();
    engine.open(key, iv, sealed);
    nothingLeft();
    expect(() => engine.open(key, iv, random(1016))).toThrow();
    nothingLeft();
    expect(() => engine.open(key, iv, random(200_000))).toThrow();
    engine.open(key, iv, engine.seal(key, iv, random(200_000)));
    nothingLeft();

    const kept = engine.key(key);
    kept.open(iv, kept.seal(iv, plaintext));
    const sealer = kept.sealer(iv);
    sealer.update(plaintext);
    const opener = kept.opener(iv);
    opener.update(sealed);
    // The search finds what is there: the schedule begins with the key itself.
    expect(find(key.subarray(0, 16))).toBeGreaterThan(0);
    kept.close();
    nothingLeft();

    // Not only the values known here: all that differs from a fresh memory is public text in the buffer.
    engine.seal(random(32), iv, new Uint8Array(0));
    const changed = changedSince(fresh);
    const buffer = Math.min(...changed);
    for (const place of changed) expect(place - buffer).toBeLessThan(65_536 + 64);
  },
);

test("closed keys give their place to new ones, and open ones keep theirs", () => {
  const engine = wasmEngine();
  const keys = Array.from({ length: 300 }, (_, index) => engine.key(new Uint8Array(16).fill(index)));
  const grown = memory.buffer.byteLength;
  const iv = new Uint8Array(12);
  const seals = keys.map((key) => key.seal(iv, new Uint8Array(5)).join());
  expect(new Set(seals).size).toBe(256);
  for (const key of keys) key.close();
  for (let round = 0; round < 5; round++) {
    const again = Array.from({ length: 300 }, (_, index) => engine.key(new Uint8Array(16).fill(index)));
    expect(again.map((key) => key.seal(iv, new Uint8Array(5)).join())).toEqual(seals);
    for (const key of again) key.close();
  }
  expect(memory.buffer.byteLength).toBe(grown);
});
