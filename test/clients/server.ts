/** The real server in a real process, on a free port, over a fresh directory. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Endpoint } from "./client.ts";

export interface RunningServer {
  readonly endpoint: Endpoint;
  /** Ends it as an operator would, and removes its directory. */
  stop(): Promise<void>;
}

/** What `kmslite serve --json` prints first. */
interface Started {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const KMSLITE = join(
  dirname(createRequire(import.meta.url).resolve("kmslite/package.json")),
  "bin",
  "kmslite.js",
);

export async function startServer(): Promise<RunningServer> {
  const data = mkdtempSync(join(tmpdir(), "kmslite-clients-"));
  const args = [KMSLITE, "serve", "--port", "0", "--data", data, "--json"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const { endpoint: url, region, accessKeyId, secretAccessKey } = JSON.parse(value as string) as Started;
  return {
    endpoint: { url, region, accessKeyId, secretAccessKey },
    stop: async () => {
      await stopped(child);
      rmSync(data, { recursive: true });
    },
  };
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
