/** Runs the real command line in real processes, each test in a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const KMSLITE = join(
  dirname(createRequire(import.meta.url).resolve("kmslite/package.json")),
  "bin",
  "kmslite.js",
);

export interface Outcome {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: Uint8Array | string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs one command to its end. */
export function kmslite(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return run(process.execPath, [KMSLITE, ...args], options);
}

/** Runs any program to its end. */
export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = spawn(file, args, { cwd: options.cwd, env: environment(options.env) });
  const finished = outcomeOf(child);
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  return finished;
}

/** What `kmslite serve --json` says when it is ready. */
interface Started {
  readonly endpoint: string;
  readonly region: string;
  readonly regions: readonly string[];
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey?: string;
  readonly rootKeyFile?: string;
  readonly created: boolean;
}

export interface Server {
  /** Everything on stdout until it was ready. */
  readonly announced: string;
  /** Of a server that was started with `--json`. */
  readonly started: () => Started;
  readonly child: ChildProcess;
  /** Sends SIGTERM unless told otherwise, and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Outcome>;
}

/** Starts a server and waits until it is ready; the test's end is its end. */
export async function serve(args: readonly string[], options: RunOptions = {}): Promise<Server> {
  const child = spawn(process.execPath, [KMSLITE, "serve", ...args], {
    cwd: options.cwd,
    env: environment(options.env),
  });
  const finished = outcomeOf(child);
  onTestFinished(() => void child.kill("SIGKILL"));
  const announced = await new Promise<string>((resolve, reject) => {
    let text = "";
    const ready = args.includes("--json") ? "}\n" : "stops the server.\n";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(ready)) resolve(text);
    });
    void finished.then(({ code, stderr }) => reject(new Error(`the server ended with ${code}: ${stderr}`)));
  });
  return {
    announced,
    started: () => JSON.parse(announced) as Started,
    child,
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return finished;
    },
  };
}

/** This process's environment without what configures kmslite or AWS clients. */
function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:KMSLITE|AWS)_/.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}
