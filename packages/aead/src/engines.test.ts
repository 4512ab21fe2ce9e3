/** Every engine is the same function, whole and in pieces, and none releases what does not verify. */
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  type AeadKey,
  AuthenticationError,
  aead,
  openingStream,
  type SyncEngine,
  sealingStream,
  unverifiedOpeningStream,
  wasmEngine,
  webCryptoEngine,
} from "./index.ts";
import { typescriptEngine } from "./typescript/engine.ts";
import { scalarWasmEngine } from "./wasm/scalar.ts";

const engines: readonly SyncEngine[] = [
  typescriptEngine(),
  scalarWasmEngine(),
  wasmEngine({ name: "wasm-simd" }),
  wasmEngine({ name: "wasm-relaxed-simd" }),
];
const [reference] = engines as [SyncEngine];
const named = engines.map((engine): [string, SyncEngine] => [engine.name, engine]);

const bytes = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 17 + (index >> 8)) & 255);
const IV = bytes(12, 9);
const AAD = bytes(21, 4);

const keys = fc
  .constantFrom(16, 24, 32)
  .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
const tagLengths = fc.integer({ min: 12, max: 16 });

async function moduleBytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(`../wasm/gcm-${name}.wasm`, import.meta.url)));
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Cuts at the given places. */
function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places, whole.length].sort((left, right) => left - right);
  return ends.map((end, index) => whole.subarray(index === 0 ? 0 : ends[index - 1], end));
}

function sealInChunks(key: AeadKey, chunks: readonly Uint8Array[]): Uint8Array {
  const sealer = key.sealer(IV, { aad: AAD });
  return concatenate([...chunks.map((chunk) => sealer.update(chunk)), sealer.finish()]);
}

function openInChunks(key: AeadKey, chunks: readonly Uint8Array[]): [Uint8Array, Uint8Array] {
  const opener = key.opener(IV, { aad: AAD });
  for (const chunk of chunks) opener.update(chunk);
  const early = key.unverifiedOpener(IV, { aad: AAD });
  const released = chunks.map((chunk) => early.updateUnverified(chunk));
  return [opener.finish(), concatenate([...released, early.finish()])];
}

describe("engines", () => {
  test("seal alike and open what any of them sealed", () => {
    const text = fc.uint8Array({ maxLength: 700, size: "max" });
    const iv = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(keys, iv, text, text, tagLengths, (key, nonce, plaintext, aad, tagLength) => {
        const options = { aad, tagLength };
        const sealed = reference.seal(key, nonce, plaintext, options);
        for (const engine of engines) {
          expect(engine.seal(key, nonce, plaintext, options)).toEqual(sealed);
          expect(engine.open(key, nonce, sealed, options)).toEqual(plaintext);
          const kept = engine.key(key);
          expect(kept.seal(nonce, plaintext, options)).toEqual(sealed);
          expect(kept.open(nonce, sealed, options)).toEqual(plaintext);
          kept.close();
        }
      }),
      { numRuns: 300 },
    );
  });

  test("agree with Web Crypto", async () => {
    const platform = webCryptoEngine();
    const text = fc.uint8Array({ maxLength: 300, size: "max" });
    await fc.assert(
      fc.asyncProperty(keys, text, text, tagLengths, async (key, plaintext, aad, tagLength) => {
        const sealed = await platform.seal(key, IV, plaintext, { aad, tagLength });
        for (const engine of engines)
          expect(engine.seal(key, IV, plaintext, { aad, tagLength })).toEqual(sealed);
      }),
      { numRuns: 200 },
    );
  });

  test("write where they are told to, Web Crypto too", async () => {
    const output = new Uint8Array(100);
    const engine = webCryptoEngine();
    const sealed = await engine.seal(bytes(32), IV, bytes(40), { output });
    expect(sealed).toEqual(reference.seal(bytes(32), IV, bytes(40)));
    expect(sealed.buffer).toBe(output.buffer);
    expect(await engine.open(bytes(32), IV, sealed, { output })).toEqual(bytes(40));
    await expect(engine.seal(bytes(32), IV, bytes(40), { output: new Uint8Array(55) })).rejects.toThrow(
      RangeError,
    );
    const forged = sealed.slice();
    forged[3] = (forged[3] as number) ^ 1;
    await expect(engine.open(bytes(32), IV, forged, { output })).rejects.toThrow(AuthenticationError);
    expect(output.subarray(0, 40)).toEqual(new Uint8Array(40));
  });

  test("agree on messages around the size of their work areas", () => {
    for (const length of [4080, 4095, 4096, 4097, 65_519, 65_536, 65_537, 131_075, 200_000]) {
      for (const aadLength of [0, 1, 65_537]) {
        const aad = bytes(aadLength, 3);
        const sealed = reference.seal(bytes(32), IV, bytes(length), { aad });
        for (const engine of engines) {
          expect(engine.seal(bytes(32), IV, bytes(length), { aad })).toEqual(sealed);
          expect(engine.open(bytes(32), IV, sealed, { aad })).toEqual(bytes(length));
        }
      }
    }
  });

  test.each(named)("%s writes where it is told to, also over its input", (_, engine) => {
    for (const length of [0, 5, 40, 4096, 70_000]) {
      const key = engine.key(bytes(32));
      const expected = key.seal(IV, bytes(length), { aad: AAD });
      const output = new Uint8Array(length + 20).fill(7);
      const sealed = key.seal(IV, bytes(length), { aad: AAD, output });
      expect(sealed).toEqual(expected);
      expect(sealed.buffer).toBe(output.buffer);
      expect(output.subarray(length + 16)).toEqual(new Uint8Array(4).fill(7));
      expect(key.open(IV, sealed, { aad: AAD, output })).toEqual(bytes(length));
      output.set(bytes(length));
      expect(key.seal(IV, output.subarray(0, length), { aad: AAD, output })).toEqual(expected);
      output[0] = (output[0] as number) ^ 1;
      expect(() => key.open(IV, output.subarray(0, length + 16), { aad: AAD, output })).toThrow(
        AuthenticationError,
      );
      expect(output.subarray(0, length)).toEqual(new Uint8Array(length));
    }
  });

  test.each(named)(
    "%s takes its key only after the options, whose getters may use the engine too",
    (_, engine) => {
      const [key, other] = [bytes(32), bytes(32, 2)];
      const options = {
        get aad() {
          engine.open(other, IV, engine.seal(other, IV, bytes(100)));
          return AAD;
        },
      };
      const expected = reference.seal(key, IV, bytes(40), { aad: AAD });
      expect(engine.seal(key, IV, bytes(40), options)).toEqual(expected);
      expect(engine.open(key, IV, expected, options)).toEqual(bytes(40));
      const kept = engine.key(key);
      expect(kept.seal(IV, bytes(40), options)).toEqual(expected);
      expect(kept.open(IV, expected, options)).toEqual(bytes(40));
      kept.close();
    },
  );

  test.each(named)("%s refuses an output that is too short, shared, or overlaps the input", (_, engine) => {
    const key = engine.key(bytes(32));
    const memory = new Uint8Array(200);
    const refused = (input: Uint8Array, output: Uint8Array): void => {
      expect(() => key.seal(IV, input, { output })).toThrow(RangeError);
      expect(() => key.open(IV, input, { output })).toThrow(RangeError);
    };
    refused(bytes(40), new Uint8Array(23));
    refused(bytes(40), new Uint8Array(new SharedArrayBuffer(100)));
    refused(memory.subarray(0, 40), memory.subarray(39));
    refused(memory.subarray(40, 80), memory.subarray(17, 120));
    expect(key.seal(IV, memory.subarray(0, 40), { output: memory.subarray(40) }).length).toBe(56);
  });

  test.each(named)("%s takes unaligned views, and leaves what it was given as it was", (_, engine) => {
    const backing = bytes(200);
    const key = backing.subarray(3, 35);
    const plaintext = backing.subarray(41, 141);
    const before = backing.slice();
    const sealed = engine.seal(key, backing.subarray(5, 17), plaintext, { aad: backing.subarray(7, 20) });
    expect(backing).toEqual(before);
    expect(engine.open(key, backing.subarray(5, 17), sealed, { aad: backing.subarray(7, 20) })).toEqual(
      plaintext,
    );
  });

  test.each(named)("%s refuses every flipped bit of ciphertext, tag, AAD and IV", (_, engine) => {
    const key = engine.key(bytes(32));
    const sealed = key.seal(IV, bytes(40), { aad: AAD });
    const flipped = (source: Uint8Array, bit: number): Uint8Array => {
      const copy = source.slice();
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return copy;
    };
    const refused = (iv: Uint8Array, text: Uint8Array, aad: Uint8Array): void => {
      expect(() => engine.open(bytes(32), iv, text, { aad })).toThrow(AuthenticationError);
      expect(() => key.open(iv, text, { aad })).toThrow(AuthenticationError);
    };
    for (let bit = 0; bit < sealed.length * 8; bit++) refused(IV, flipped(sealed, bit), AAD);
    for (let bit = 0; bit < AAD.length * 8; bit++) refused(IV, sealed, flipped(AAD, bit));
    for (let bit = 0; bit < IV.length * 8; bit++) refused(flipped(IV, bit), sealed, AAD);
    key.close();
  });

  test.each(named)("%s refuses lengths out of range", (_, engine) => {
    const seal = (key: number, iv: number, tagLength?: number) => () =>
      engine.seal(bytes(key), bytes(iv), bytes(1), { tagLength });
    for (const bad of [
      seal(15, 12),
      seal(33, 12),
      seal(0, 12),
      seal(32, 0),
      seal(32, 12, 11),
      seal(32, 12, 17),
    ]) {
      expect(bad).toThrow(RangeError);
    }
    expect(() => engine.key(bytes(5))).toThrow(RangeError);
    expect(() => engine.open(bytes(32), IV, bytes(15))).toThrow(RangeError);
  });
});

describe("messages in chunks", () => {
  test.each(named)("%s gives the same for every split of short messages", (_, engine) => {
    const key = engine.key(bytes(32));
    for (let length = 0; length <= 50; length++) {
      const whole = key.seal(IV, bytes(length), { aad: AAD });
      for (let place = 0; place <= length; place++) {
        expect(sealInChunks(key, cut(bytes(length), [place]))).toEqual(whole);
      }
      for (let place = 0; place <= whole.length; place++) {
        const [verified, early] = openInChunks(key, cut(whole, [place]));
        expect(verified).toEqual(bytes(length));
        expect(early).toEqual(bytes(length));
      }
    }
    key.close();
  });

  test.each(named)("%s gives the same for any split of long messages", (_, engine) => {
    const key = engine.key(bytes(16));
    const places = fc.array(fc.integer({ min: 0, max: 150_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 150_000 }), places, (length, all) => {
        const whole = key.seal(IV, bytes(length), { aad: AAD });
        const within = all.filter((place) => place <= length);
        expect(sealInChunks(key, cut(bytes(length), within))).toEqual(whole);
        expect(openInChunks(key, cut(whole, within))[1]).toEqual(bytes(length));
      }),
      { numRuns: 20 },
    );
    key.close();
  });

  test.each(named)("%s takes chunks from a Buffer, and leaves them as they were", (_, engine) => {
    const key = engine.key(bytes(32));
    const sealed = key.seal(IV, bytes(100), { aad: AAD });
    for (const [length, places] of [[50, [0, 5, 21]] as const, [100, [3, 40, 41, 99]] as const]) {
      const plaintext = Buffer.from(bytes(length));
      const whole = Buffer.from(key.seal(IV, plaintext, { aad: AAD }));
      const before = [bytes(length), Uint8Array.from(whole)];
      expect(sealInChunks(key, cut(plaintext, places))).toEqual(before[1]);
      expect(openInChunks(key, cut(whole, places))).toEqual([before[0], before[0]]);
      expect([plaintext, whole].map((buffer) => Uint8Array.from(buffer))).toEqual(before);
    }
    // What a Buffer held when it came is what counts, not what its owner writes there next.
    const reused = Buffer.alloc(7);
    const sealer = key.sealer(IV, { aad: AAD });
    const parts: Uint8Array[] = [];
    for (let offset = 0; offset < 100; offset += 7) {
      const length = reused.fill(bytes(100).subarray(offset, offset + 7)).subarray(0, 100 - offset).length;
      parts.push(sealer.update(reused.subarray(0, length)));
    }
    expect(concatenate([...parts, sealer.finish()])).toEqual(sealed);
  });

  test.each(named)("%s writes chunks where it is told to", (_, engine) => {
    const key = engine.key(bytes(32));
    const sealed = key.seal(IV, bytes(300));
    for (const size of [1, 15, 16, 17, 40, 299]) {
      const output = new Uint8Array(size + 15);
      const through = (text: Uint8Array, update: (chunk: Uint8Array, output: Uint8Array) => Uint8Array) => {
        const parts: Uint8Array[] = [];
        for (let offset = 0; offset < text.length; offset += size) {
          const part = update(text.subarray(offset, offset + size), output);
          expect(part.buffer).toBe(output.buffer);
          parts.push(part.slice());
        }
        return parts;
      };
      const sealer = key.sealer(IV);
      expect(concatenate([...through(bytes(300), sealer.update), sealer.finish()])).toEqual(sealed);
      const opener = key.unverifiedOpener(IV);
      expect(concatenate([...through(sealed, opener.updateUnverified), opener.finish()])).toEqual(bytes(300));
    }
    const sealer = key.sealer(IV);
    const chunk = bytes(320).subarray(0, 300);
    expect(() => sealer.update(chunk, new Uint8Array(287))).toThrow(RangeError);
    expect(() => sealer.update(chunk, chunk)).toThrow(RangeError);
    expect(() => sealer.update(chunk, new Uint8Array(chunk.buffer, 299))).toThrow(RangeError);
    expect(() => sealer.update(chunk, new Uint8Array(new SharedArrayBuffer(400)))).toThrow(RangeError);
    expect(concatenate([sealer.update(chunk), sealer.finish()])).toEqual(sealed);
  });

  test.each(named)("%s keeps messages apart that are under way at the same time", (_, engine) => {
    const [one, other] = [engine.key(bytes(32, 1)), engine.key(bytes(32, 2))];
    const sealers = [one.sealer(IV), other.sealer(IV), one.sealer(bytes(13, 5))];
    const parts: Uint8Array[][] = sealers.map(() => []);
    for (let offset = 0; offset < 100; offset += 7) {
      for (const [index, sealer] of sealers.entries()) {
        parts[index]?.push(sealer.update(bytes(100).subarray(offset, offset + 7)));
        engine.seal(bytes(16), IV, bytes(33));
      }
    }
    for (const [index, sealer] of sealers.entries()) parts[index]?.push(sealer.finish());
    const expected = [
      one.seal(IV, bytes(100)),
      other.seal(IV, bytes(100)),
      one.seal(bytes(13, 5), bytes(100)),
    ];
    expect(parts.map(concatenate)).toEqual(expected);
  });

  test.each(named)("%s releases nothing of a forged message, and wipes what it kept", (_, engine) => {
    const key = engine.key(bytes(32));
    const sealed = key.seal(IV, bytes(100));
    sealed[3] = (sealed[3] ?? 0) ^ 1;
    const opener = key.opener(IV);
    expect(opener.update(sealed)).toBeUndefined();
    expect(() => opener.finish()).toThrow(AuthenticationError);
    expect(() => opener.finish()).toThrow(TypeError);
    expect(() => key.opener(IV).finish()).toThrow(AuthenticationError);
    const small = key.opener(IV, { maximumLength: 99 });
    expect(() => small.update(sealed)).toThrow(RangeError);
    expect(() => small.update(bytes(1))).toThrow(TypeError);
  });

  test.each(named)("%s ends messages with their key", (_, engine) => {
    const key = engine.key(bytes(32));
    const sealer = key.sealer(IV);
    key.close();
    key.close();
    for (const use of [
      () => sealer.update(bytes(1)),
      () => sealer.finish(),
      () => key.seal(IV, bytes(1)),
      () => key.sealer(IV),
    ]) {
      expect(use).toThrow(TypeError);
    }
    sealer.abort();
  });

  test("go through Web streams", async () => {
    const key = reference.key(bytes(32));
    const through = async (
      chunks: readonly Uint8Array[],
      stream: TransformStream<Uint8Array, Uint8Array>,
    ) => {
      const source = new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (const chunk of chunks) controller.enqueue(chunk);
          controller.close();
        },
      });
      return new Uint8Array(await new Response(source.pipeThrough(stream)).arrayBuffer());
    };
    const sealed = await through(cut(bytes(1000), [1, 500, 501]), sealingStream(key, IV));
    expect(sealed).toEqual(key.seal(IV, bytes(1000)));
    const chunks = cut(sealed, [3, 990]);
    expect(await through(chunks, openingStream(key, IV))).toEqual(bytes(1000));
    expect(await through(chunks, unverifiedOpeningStream(key, IV))).toEqual(bytes(1000));
    sealed[0] = (sealed[0] ?? 0) ^ 1;
    await expect(through([sealed], openingStream(key, IV))).rejects.toThrow(AuthenticationError);
    await expect(through([sealed], unverifiedOpeningStream(key, IV))).rejects.toThrow(AuthenticationError);
    key.close();
  });
});

describe("aead()", () => {
  test("answers small messages at once and large ones later, and both alike", async () => {
    const { seal, open, sync } = aead({ crossover: 100 });
    expect(sync?.name).toMatch(/^wasm-/);
    for (const [length, kind] of [
      [99, Uint8Array],
      [100, Promise],
    ] as const) {
      const sealed = seal(bytes(32), IV, bytes(length), { aad: AAD });
      expect(sealed).toBeInstanceOf(kind);
      expect(await sealed).toEqual(reference.seal(bytes(32), IV, bytes(length), { aad: AAD }));
      expect(await open(bytes(32), IV, await sealed, { aad: AAD })).toEqual(bytes(length));
    }
  });

  test("keeps what the platform can't do to itself", async () => {
    const { seal } = aead({ crossover: 0 });
    expect(seal(bytes(24), IV, bytes(50))).toBeInstanceOf(Uint8Array);
    expect(seal(bytes(32), bytes(5), bytes(50))).toBeInstanceOf(Uint8Array);
  });

  test("loads another engine where WebAssembly has no vectors, and TypeScript where it is forbidden", async () => {
    const sealed = reference.seal(bytes(32), IV, bytes(50));
    const Real = WebAssembly.Module;
    const [vector, scalar] = await Promise.all(["simd", "scalar"].map(moduleBytes));
    for (const [name, allowed] of [
      ["wasm-scalar", scalar],
      ["typescript", undefined],
    ] as const) {
      vi.resetModules();
      vi.stubGlobal("WebAssembly", {
        ...{ Instance: WebAssembly.Instance, CompileError: WebAssembly.CompileError },
        validate: () => false,
        Module: class {
          constructor(module: Uint8Array<ArrayBuffer>) {
            if (module.length === vector?.length || allowed === undefined)
              throw new WebAssembly.CompileError("forbidden");
            // biome-ignore lint/correctness/noConstructorReturn: it stands for what is constructed
            return new Real(module);
          }
        },
      });
      const fresh = await import("./index.ts");
      expect((await fresh.loadEngine()).name).toBe(name);
      const { seal, open, sync } = fresh.aead();
      expect(sync).toBeUndefined();
      expect(await seal(bytes(32), IV, bytes(50))).toEqual(sealed);
      expect(await open(bytes(32), IV, sealed)).toEqual(bytes(50));
      if (allowed === undefined)
        await expect(async () =>
          fresh.aead({ engine: "wasm-scalar" }).seal(bytes(32), IV, bytes(50)),
        ).rejects.toThrow(WebAssembly.CompileError);
      vi.unstubAllGlobals();
    }
  });

  test("takes a module that is handed in", async () => {
    const module = new WebAssembly.Module(await moduleBytes("simd"));
    const { sync } = aead({ module });
    expect(sync?.name).toBe("wasm-simd");
    expect(sync?.seal(bytes(32), IV, bytes(50))).toEqual(reference.seal(bytes(32), IV, bytes(50)));
  });

  test.each(["typescript", "wasm-scalar", "wasm-simd", "webcrypto"] as const)(
    "takes %s if it is told to",
    async (engine) => {
      const sealed = await aead({ engine }).seal(bytes(32), IV, bytes(50_000));
      expect(sealed).toEqual(reference.seal(bytes(32), IV, bytes(50_000)));
    },
  );
});
