/** Drives workerd, the runtime of Cloudflare Workers, through miniflare. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Answer, attempt, type Question } from "../behaviours/platform.ts";
import { bundle } from "./bundle.ts";
import { importInstalled, installedVersion } from "./installed.ts";
import type { Runtime } from "./runtime.ts";
import { servedKey } from "./served-key.ts";

/** As much of miniflare as is needed. */
interface Miniflare {
  readonly ready: Promise<URL>;
  dispose(): Promise<void>;
}
interface MiniflareModule {
  readonly Miniflare: new (options: object) => Miniflare;
}

const MODULES = ["gcm-scalar", "gcm-simd", "gcm-relaxed-simd"];
const ACCESS_KEY = { accessKeyId: "AKIDWORKERD000000001", secretAccessKey: "a secret of the tests" };

export function workerdRuntime(): Runtime {
  return {
    name: "workerd",
    // What belongs to miniflare is read from /proc.
    find: async () => (process.platform === "linux" ? installedVersion("workerd") : undefined),
    start: async (version) => {
      const folder = mkdtempSync(join(tmpdir(), "kmslite-workerd-"));
      const { Miniflare } = await importInstalled<MiniflareModule>("miniflare/dist/src/index.js");
      const script = await bundle("workerd.ts");
      const require = createRequire(import.meta.url);
      const options = {
        host: "127.0.0.1",
        port: 0,
        compatibilityDate: "2026-07-01",
        modules: [
          { type: "ESModule", path: "suite.mjs", contents: script },
          ...MODULES.map((name) => {
            const path = require.resolve(`@kmslite/aead/${name}.wasm`);
            return { type: "CompiledWasm", path: basename(path), contents: readFileSync(path) };
          }),
        ],
        modulesRoot: "",
        durableObjects: {
          SUITE: { className: "Suite", useSQLite: true },
          KEYS: { className: "Keys", useSQLite: true },
        },
        durableObjectsPersist: folder,
        bindings: {
          ROOT_KEY: "22".repeat(32),
          ACCESS_KEY_ID: ACCESS_KEY.accessKeyId,
          SECRET_ACCESS_KEY: ACCESS_KEY.secretAccessKey,
        },
      };
      const served = servedKey(ACCESS_KEY);
      return {
        version: () => version,
        // A workerd of its own each time, over the same folder.
        ask: async (question: Question) => {
          const when = question.phase === "restarted" ? " after a restart" : "";
          const before = new Set(children("workerd"));
          const miniflare = new Miniflare(options);
          try {
            const url = await miniflare.ready;
            const response = await fetch(new URL("/suite", url), {
              method: "POST",
              body: JSON.stringify(question),
            });
            if (!response.ok) throw new Error(await response.text());
            const { outcomes, artifact } = (await response.json()) as Answer;
            const overHttp = await served(url.href, question.phase);
            const peak = await attempt(`peak memory of workerd${when}`, async () => {
              const peaks = children("workerd")
                .filter((pid) => !before.has(pid))
                .map(peakMemory);
              return `${Math.round(Math.max(...peaks) / 1024)} MiB`;
            });
            return {
              outcomes: [...outcomes, overHttp, peak],
              ...(artifact === undefined ? {} : { artifact }),
            };
          } finally {
            await miniflare.dispose();
          }
        },
        askAndKill: async (question, time) => {
          const before = new Set(children("workerd"));
          const miniflare = new Miniflare(options);
          const url = await miniflare.ready;
          const ended = fetch(new URL("/suite", url), {
            method: "POST",
            body: JSON.stringify(question),
          }).catch((error: unknown) => error);
          await Promise.race([time, ended]);
          for (const pid of children("workerd")) if (!before.has(pid)) process.kill(pid, "SIGKILL");
          await ended;
          await miniflare.dispose();
        },
        stop: async () => rmSync(folder, { recursive: true, force: true }),
      };
    },
  };
}

/** Processes that this one started and that run the program of that name; miniflare does not tell. */
function children(program: string): number[] {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes
    .filter((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, "utf8");
        return status.startsWith(`Name:\t${program}\n`) && status.includes(`\nPPid:\t${process.pid}\n`);
      } catch {
        // It ended meanwhile.
        return false;
      }
    })
    .map(Number);
}

/** What a process held at most, in kibibytes. */
function peakMemory(pid: number): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  if (kibibytes === undefined) throw new Error("the kernel does not tell the peak memory");
  return Number(kibibytes);
}
