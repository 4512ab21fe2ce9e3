/** The engines that vectors are run on, and what each can't do. */
import {
  type AsyncEngine,
  type EngineName,
  loadEngine,
  type SyncEngine,
  webCryptoEngine,
} from "@kmslite/aead";
import type { AeadCase } from "./case.ts";
import { chunked, keptKey, oneShot, unaligned, type Way } from "./ways.ts";

/** An engine, in every way it can be used. */
export interface EngineUnderTest {
  readonly name: EngineName;
  readonly ways: readonly Way[];
  /** Why a vector can't be asked of this engine here, or `undefined` if it can. */
  readonly cannot: (vector: AeadCase) => Promise<string | undefined>;
}

const WASM_ENGINES = ["wasm-relaxed-simd", "wasm-simd", "wasm-scalar"] as const;

export async function enginesUnderTest(): Promise<readonly EngineUnderTest[]> {
  return [
    ...(await Promise.all(WASM_ENGINES.map(wasmUnderTest))),
    { name: "typescript", ways: waysOf(await loadEngine("typescript")), cannot: async () => undefined },
    { name: "webcrypto", ways: waysOf(webCryptoEngine()), cannot: platformRefusal() },
  ];
}

function waysOf(engine: SyncEngine | AsyncEngine): readonly Way[] {
  const whole = oneShot(engine);
  const more = "key" in engine ? [keptKey(engine), chunked(engine)] : [];
  return [whole, unaligned(whole), ...more];
}

/** A module whose instructions the runtime does not know is skipped, and said to be. */
async function wasmUnderTest(name: (typeof WASM_ENGINES)[number]): Promise<EngineUnderTest> {
  try {
    return { name, ways: waysOf(await loadEngine(name)), cannot: async () => undefined };
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    return { name, ways: [], cannot: async () => "the runtime does not know the module's instructions" };
  }
}

/**
 * What this platform's own `crypto.subtle` refuses, by key and IV length: an empty message is encrypted with nothing of
 * ours in between. The Web Cryptography API leaves both to the platform.
 */
function platformRefusal(): (vector: AeadCase) => Promise<string | undefined> {
  const refusals = new Map<string, Promise<string | undefined>>();
  return async ({ key, iv }) => {
    if (iv.length === 0) return undefined;
    const parameters = `${key.length}, ${iv.length}`;
    let refusal = refusals.get(parameters);
    if (refusal === undefined) {
      refusal = refusedByPlatform(key.length, iv.length);
      refusals.set(parameters, refusal);
    }
    return refusal;
  };
}

async function refusedByPlatform(keyLength: number, ivLength: number): Promise<string | undefined> {
  if (!(await platformTakes(keyLength, 12))) return `the platform has no AES-${keyLength * 8}`;
  if (await platformTakes(keyLength, ivLength)) return undefined;
  return ivLength < 12 ? "the platform takes no IV this short" : "the platform takes no IV this long";
}

async function platformTakes(keyLength: number, ivLength: number): Promise<boolean> {
  const { subtle } = crypto;
  try {
    const key = await subtle.importKey("raw", new Uint8Array(keyLength), "AES-GCM", false, ["encrypt"]);
    await subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(ivLength) }, key, new Uint8Array(0));
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}
