/** A cold start in workerd, the runtime of Cloudflare Workers, through miniflare, which `pnpm runtimes:install` installs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { measurement, median } from "../measure.ts";
import type { Figure, Measurement } from "../report.ts";

const MINIFLARE = join(
  import.meta.dirname,
  "../../../test/runtimes/node_modules/miniflare/dist/src/index.js",
);

/** As much of miniflare as is needed. */
interface MiniflareModule {
  readonly Miniflare: new (options: object) => { readonly ready: Promise<URL>; dispose(): Promise<void> };
}

export interface WorkerdStart {
  readonly measurements: readonly Measurement[];
  readonly figures: readonly Figure[];
}

/** @returns undefined if miniflare is not installed */
export async function startInWorkerd(rounds: number): Promise<WorkerdStart | undefined> {
  if (!existsSync(MINIFLARE)) return undefined;
  const { Miniflare } = (await import(pathToFileURL(MINIFLARE).href)) as MiniflareModule;
  const folder = await mkdtemp(join(tmpdir(), "kmslite-bench-"));
  const wasm = createRequire(import.meta.url).resolve("@kmslite/aead/gcm-simd.wasm");
  const options = {
    host: "127.0.0.1",
    port: 0,
    compatibilityDate: "2026-07-01",
    modulesRoot: "",
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: await bundledWorker() },
      { type: "CompiledWasm", path: "@kmslite/aead/gcm-simd.wasm", contents: readFileSync(wasm) },
    ],
    durableObjects: { KEYS: { className: "Keys", useSQLite: true } },
    durableObjectsPersist: folder,
  };
  const times: number[] = [];
  let peak = 0;
  try {
    for (let round = -1; round < rounds; round++) {
      const miniflare = new Miniflare(options);
      try {
        const url = await miniflare.ready;
        const began = process.hrtime.bigint();
        const response = await fetch(url);
        const text = await response.text();
        const time = Number(process.hrtime.bigint() - began);
        if (text !== (round < 0 ? "made" : "cold start")) throw new Error(`workerd answered: ${text}`);
        if (round >= 0) times.push(time);
        peak = Math.max(peak, peakOfWorkerd());
      } finally {
        await miniflare.dispose();
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const subject = { id: "start.workerd.first-request", bytes: 0 };
  return {
    measurements: [measurement(subject, "open-and-decrypt", median(times))],
    figures: peak === 0 ? [] : [{ id: "start.workerd.peak-memory", value: peak, unit: "bytes" }],
  };
}

async function bundledWorker(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "children/worker.js")],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["cloudflare:workers", "*.wasm"],
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

/** Bytes that our workerd held at most, the runtime itself included; 0 where the system does not tell. */
function peakOfWorkerd(): number {
  if (process.platform !== "linux") return 0;
  const peaks = readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map((name) => statusOf(name))
    .filter((status) => /^Name:\s+workerd$/m.test(status) && status.includes(`\nPPid:\t${process.pid}\n`))
    .map((status) => 1024 * Number(/^VmHWM:\s+([0-9]+) kB$/m.exec(status)?.[1] ?? 0));
  return Math.max(0, ...peaks);
}

function statusOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/status`, "utf8");
  } catch {
    return "";
  }
}
