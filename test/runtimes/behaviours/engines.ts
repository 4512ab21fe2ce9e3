/** Every engine that the runtime can have gives what its Web Crypto gives. */
import { AuthenticationError, loadEngine, type SyncEngine, wasmEngine, webCryptoEngine } from "@kmslite/aead";
import { Absent, hex, type Platform, same } from "./platform.ts";

export const ENGINES = ["typescript", "wasm-scalar", "wasm-simd", "wasm-relaxed-simd"] as const;
type Name = (typeof ENGINES)[number];

/** @throws {Absent} if the runtime doesn't know the module's instructions */
export async function engine(platform: Platform, name: Name): Promise<string> {
  const engine = await engineOf(platform, name);
  const reference = webCryptoEngine();
  let count = 0;
  for (const keyLength of [16, 32]) {
    for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 64, 100, 255, 256, 1000, 4096, 5000, 70_000]) {
      const [key, iv] = [random(keyLength), random(12)];
      const [plaintext, aad] = [random(length), random(length % 37)];
      const expected = hex(await reference.seal(key, iv, plaintext, { aad }));
      const sealed = engine.seal(key, iv, plaintext, { aad });
      same(`${length} bytes sealed`, hex(sealed), expected);
      const kept = engine.key(key);
      const sealer = kept.sealer(iv, { aad });
      const cut = length >> 1;
      const chunks = [
        sealer.update(plaintext.subarray(0, cut)),
        sealer.update(plaintext.subarray(cut)),
        sealer.finish(),
      ];
      same(`${length} bytes sealed in chunks`, chunks.map(hex).join(""), expected);
      same(`${length} bytes opened`, hex(kept.open(iv, sealed, { aad })), hex(plaintext));
      kept.close();
      sealed[length >> 1] = (sealed[length >> 1] as number) ^ 1;
      refused(() => engine.open(key, iv, sealed, { aad }));
      count++;
    }
  }
  return `${count} messages`;
}

async function engineOf({ modules }: Platform, name: Name): Promise<SyncEngine> {
  if (name !== "typescript" && modules !== undefined) return wasmEngine({ name, module: modules[name] });
  try {
    return await loadEngine(name);
  } catch (error) {
    if (typeof WebAssembly === "object" && error instanceof WebAssembly.CompileError)
      throw new Absent(`the runtime does not compile it: ${error.message}`);
    throw error;
  }
}

function random(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += 65_536)
    crypto.getRandomValues(bytes.subarray(offset, Math.min(length, offset + 65_536)));
  return bytes;
}

function refused(open: () => unknown): void {
  try {
    open();
  } catch (error) {
    if (error instanceof AuthenticationError) return;
    throw error;
  }
  throw new Error("a flipped bit was accepted");
}
