/** Our own engines, from the fastest to the slowest, as far as this runtime has them. */
import { loadEngine, type SyncEngine } from "@kmslite/aead";
import { type AeadPeer, type Message, messageAt, type Operation, readBytes, type Task } from "../peer.ts";

/** Ours, from the fastest on. */
export const ENGINES = ["wasm-relaxed-simd", "wasm-simd", "wasm-scalar", "typescript"] as const;

export async function kmslitePeers(): Promise<readonly AeadPeer[]> {
  return (await enginesHere()).map((engine) => enginePeer(engine));
}

/**
 * The fastest of them, writing every result to the same place, which is what `openssl speed` does. The others get a new array
 * from the runtime for each, as the other libraries in JavaScript do; for large messages that shows.
 */
export async function outputPeer(): Promise<AeadPeer> {
  const [engine] = (await enginesHere()) as [SyncEngine];
  return { ...enginePeer(engine, true), engine: outputOf(engine.name) };
}

/** What the output peer of an engine is called. */
export function outputOf(engine: string): string {
  return `${engine}-output`;
}

/** Those whose modules' instructions the runtime knows. */
async function enginesHere(): Promise<readonly SyncEngine[]> {
  const engines: SyncEngine[] = [];
  for (const name of ENGINES) {
    try {
      engines.push(await loadEngine(name));
    } catch (error) {
      if (!(error instanceof WebAssembly.CompileError)) throw error;
    }
  }
  return engines;
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
