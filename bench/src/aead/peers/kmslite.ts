/** Our own engines, from the fastest to the slowest, as far as this runtime has them. */
import { type SyncEngine, typescriptEngine, wasmEngine } from "@kmslite/aead";
import { type AeadPeer, type Message, messageAt, type Operation, readBytes, type Task } from "../peer.ts";

const WASM_ENGINES = ["wasm-relaxed-simd", "wasm-simd", "wasm-scalar"] as const;

export function kmslitePeers(): readonly AeadPeer[] {
  return [...WASM_ENGINES.flatMap(wasmEngineHere), typescriptEngine()].map((engine) => enginePeer(engine));
}

/**
 * The fastest of them, writing every result to the same place, which is what `openssl speed` does. The others get a new array
 * from the runtime for each, as the other libraries in JavaScript do; for large messages that shows.
 */
export function outputPeer(): AeadPeer {
  const [engine = typescriptEngine()] = WASM_ENGINES.flatMap(wasmEngineHere);
  return { ...enginePeer(engine, true), engine: `${engine.name}-output` };
}

/** The engine, or nothing where the runtime does not know its module's instructions. */
function wasmEngineHere(name: (typeof WASM_ENGINES)[number]): SyncEngine[] {
  try {
    return [wasmEngine({ name })];
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return [];
    throw error;
  }
}

function enginePeer(engine: SyncEngine, keepsOutput: boolean = false): AeadPeer {
  return {
    engine: engine.name,
    prepare: ({ direction, keyUse }, messages) => ({
      run:
        keyUse === "reused"
          ? reused(engine, direction, messages, keepsOutput)
          : fresh(engine, direction, messages),
      read: readBytes,
    }),
  };
}

function fresh(
  engine: SyncEngine,
  direction: Task["direction"],
  messages: readonly Message[],
): Operation["run"] {
  if (direction === "seal") {
    return (i) => {
      const { key, iv, plaintext } = messageAt(messages, i);
      return engine.seal(key, iv, plaintext);
    };
  }
  return (i) => {
    const { key, iv, sealed } = messageAt(messages, i);
    return engine.open(key, iv, sealed);
  };
}

function reused(
  engine: SyncEngine,
  direction: Task["direction"],
  messages: readonly Message[],
  keepsOutput: boolean,
): Operation["run"] {
  const { key, sealed } = messageAt(messages, 0);
  const kept = engine.key(key);
  const options = { output: keepsOutput ? new Uint8Array(sealed.length) : undefined };
  if (direction === "seal") {
    return (i) => {
      const { iv, plaintext } = messageAt(messages, i);
      return kept.seal(iv, plaintext, options);
    };
  }
  return (i) => {
    const { iv, sealed } = messageAt(messages, i);
    return kept.open(iv, sealed, options);
  };
}
