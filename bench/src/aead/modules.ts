/** What it costs to have the WebAssembly engines: bytes to fetch, and time to instantiate. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { measure, type Peer } from "../measure.ts";
import type { Measurement, Ratio } from "../report.ts";

/** The modules that the package ships, by their engines' names, from the one that a runtime would choose first. */
const MODULES = {
  "wasm-relaxed-simd": "gcm-relaxed-simd.wasm",
  "wasm-simd": "gcm-simd.wasm",
  "wasm-scalar": "gcm-scalar.wasm",
} as const;

/** Instances that one run makes: one takes too little for the clock. */
const INSTANCES = 16;

/** Measurements of instantiating, and the two figures that have an aim. */
interface Modules {
  readonly results: readonly Measurement[];
  readonly ratios: readonly Ratio[];
}

export async function measureModules(rounds: number): Promise<Modules> {
  const ratios: Ratio[] = [];
  const peers: Peer[] = [];
  for (const [engine, file] of Object.entries(MODULES)) {
    // Beside the built package, wherever that is installed.
    const path = fileURLToPath(new URL(`../wasm/${file}`, import.meta.resolve("@kmslite/aead")));
    if (!existsSync(path)) continue;
    const bytes = readFileSync(path);
    if (engine === "wasm-simd") {
      const value = gzipSync(bytes, { level: 9 }).length;
      ratios.push({ id: "aead.simd-gzip-bytes", engine, value, aim: 8192, better: "lower" });
    }
    if (!WebAssembly.validate(bytes)) continue;
    const module = new WebAssembly.Module(bytes);
    peers.push({ engine, operations: INSTANCES, run: () => instantiate(module) });
  }
  const [chosen] = peers;
  if (chosen === undefined) return { results: [], ratios };
  const { measurements } = await measure({ id: "aead.instantiate", bytes: 0, rounds }, peers);
  const value = (measurements[0]?.median_ns ?? Number.NaN) / 1e6;
  ratios.push({ id: "aead.instantiate-ms", engine: chosen.engine, value, aim: 1, better: "lower" });
  return { results: measurements, ratios };
}

function instantiate(module: WebAssembly.Module): unknown {
  let instance: unknown;
  for (let i = 0; i < INSTANCES; i++) instance = new WebAssembly.Instance(module);
  return instance;
}
