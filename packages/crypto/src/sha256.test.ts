/** SHA-256 and HMAC-SHA-256 in WebAssembly and without it are those of @noble/hashes, and leave nothing behind. */
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 40 });
const keys = fc.uint8Array({ minLength: 1, maxLength: 200 });
let memory: WebAssembly.Memory | undefined;

beforeEach(() => {
  vi.resetModules();
  memory = undefined;
  const Real = WebAssembly.Instance;
  vi.stubGlobal("WebAssembly", {
    Module: WebAssembly.Module,
    Instance: class extends Real {
      constructor(module: WebAssembly.Module) {
        super(module);
        memory = this.exports["memory"] as WebAssembly.Memory;
      }
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

describe.each(["with WebAssembly", "without WebAssembly"])("%s", (where) => {
  const load = async () => {
    if (where === "without WebAssembly") vi.stubGlobal("WebAssembly", undefined);
    const loaded = await import("./index.ts");
    loaded.sha256();
    expect(memory !== undefined).toBe(where === "with WebAssembly");
    return loaded;
  };

  test("a digest is that of all parts together", async () => {
    const { sha256 } = await load();
    fc.assert(
      fc.property(parts, (given) => {
        expect(sha256(...given)).toEqual(nobleSha256(concatBytes(...given)));
      }),
    );
  });

  test("any length is hashed, around the block and around what one call takes", async () => {
    const { sha256 } = await load();
    const bytes = Uint8Array.from({ length: 12_400 }, (_, index) => (index * 7) ^ (index >> 8));
    for (const around of [0, 64, 128, 4096, 8192, 12_288]) {
      for (let length = Math.max(0, around - 12); length < around + 12; length++) {
        const expected = nobleSha256(bytes.subarray(0, length));
        expect(sha256(bytes.subarray(0, length)), `${length} bytes`).toEqual(expected);
        expect(sha256(bytes.subarray(0, 5), bytes.subarray(5, length))).toEqual(
          length < 5 ? nobleSha256(bytes.subarray(0, 5)) : expected,
        );
      }
    }
  });

  test("a tag is that of all parts together, under keys of any length", async () => {
    const { HmacSha256Key } = await load();
    fc.assert(
      fc.property(keys, parts, (key, given) => {
        const prepared = new HmacSha256Key(key);
        const expected = hmac(nobleSha256, key, concatBytes(...given));
        expect(prepared.mac(...given)).toEqual(expected);
        expect(prepared.mac(concatBytes(...given))).toEqual(expected);
      }),
    );
  });

  test("derived keys are tags over counter and input, of any length", async () => {
    const { HmacSha256Key, kbkdfCounter } = await load();
    const input = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(new Uint8Array(5000).fill(3)));
    fc.assert(
      fc.property(keys, input, fc.integer({ min: 1, max: 600 }), (key, fixedInput, length) => {
        const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
          hmac(nobleSha256, key, concatBytes(Uint8Array.of(0, 0, (index + 1) >> 8, index + 1), fixedInput)),
        );
        const derived = kbkdfCounter(new HmacSha256Key(key), fixedInput, length);
        expect(derived).toEqual(concatBytes(...blocks).subarray(0, length));
      }),
    );
  });

  test("a destroyed key makes no more tags", async () => {
    const { HmacSha256Key, kbkdfCounter } = await load();
    const key = new HmacSha256Key(new Uint8Array(32).fill(1));
    key.destroy();
    expect(() => key.mac(new Uint8Array(3))).toThrow();
    expect(() => kbkdfCounter(key, new Uint8Array(3), 32)).toThrow();
  });
});

test("nothing of a key, an input or a result stays in the module's memory", async () => {
  const { HmacSha256Key, kbkdfCounter, sha256 } = await import("./index.ts");
  sha256();
  const fresh = Buffer.from((memory as WebAssembly.Memory).buffer.slice(0));
  const random = (length: number) =>
    hkdf(nobleSha256, new Uint8Array(32).fill(length), undefined, undefined, length);
  const key = new HmacSha256Key(random(32));
  new HmacSha256Key(random(150)).mac(random(4000), random(3000));
  key.mac(random(60));
  kbkdfCounter(key, random(51), 76);
  sha256(random(5000), random(4096), random(1));
  expect(Buffer.from((memory as WebAssembly.Memory).buffer).equals(fresh)).toBe(true);
});
