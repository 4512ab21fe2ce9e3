/** The store in Deno KV, its process killed at every system call of a commit that writes to the database's files, or syncs them. */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { installed } from "../../runtimes/drivers/installed.ts";
import type { Found } from "./mutation.ts";
import { canTrace, changesFiles, killedAt, type SystemCall, systemCalls } from "./system-calls.ts";

const DENO = installed("deno/deno");
const possible = existsSync(DENO) && canTrace();
if (!possible)
  console.warn("skipped: Deno KV killed at every system call (Deno or strace is missing, or may not trace)");

const folder = mkdtempSync(join(tmpdir(), "kmslite-crash-deno-"));
afterAll(() => rmSync(folder, { recursive: true }));
const script = join(folder, "steps.mjs");
const program = (step: string, paths: readonly string[]): string[] => [
  ...[DENO, "run", "--quiet", "--allow-all", "--unstable-kv", script, step],
  ...paths,
];
const run = (step: string, paths: readonly string[]): string => {
  const [file = "", ...rest] = program(step, paths);
  return execFileSync(file, rest, { encoding: "utf8" });
};

interface Outcome {
  readonly call: SystemCall;
  readonly killed: boolean;
  readonly acknowledged: boolean;
}

test.runIf(possible)(
  "killed at every system call of a commit that changes a file, it holds all of it or nothing",
  async () => {
    const entryPoints = [join(import.meta.dirname, "deno-kv-steps.ts")];
    await build({ entryPoints, bundle: true, format: "esm", outfile: script, logLevel: "error" });
    const before = join(folder, "before.kv");
    run("prepare", [before]);
    let copies = 0;
    const copy = (): { readonly path: string; readonly files: string[] } => {
      const path = join(folder, `killed-${++copies}.kv`);
      for (const name of readdirSync(folder)) {
        if (name.startsWith("before.kv")) copyFileSync(join(folder, name), name.replace("before.kv", path));
      }
      return { path, files: ["", "-wal", "-shm", "-journal"].map((suffix) => path + suffix) };
    };
    const whole = copy();
    const calls = (await systemCalls(whole.files, program("commit", [whole.path]))).filter(changesFiles);
    const outcomes: Outcome[] = [];
    const paths: string[] = [];
    const open = calls.entries();
    const lane = async (): Promise<void> => {
      for (const [place, call] of open) {
        const { path, files } = copy();
        paths[place] = path;
        const { killed, output } = await killedAt(call, files, program("commit", [path]));
        outcomes[place] = { call, killed, acknowledged: output.startsWith("acknowledged true") };
      }
    };
    await Promise.all([lane(), lane(), lane()]);
    const states = JSON.parse(run("show", paths)) as readonly Found[];
    const seen = outcomes.map((outcome, place) => ({ ...outcome, state: states[place] }));
    expect(seen.filter(({ state }) => state !== "nothing" && state !== "all")).toEqual([]);
    expect(seen.filter(({ acknowledged, state }) => acknowledged && state !== "all")).toEqual([]);
    expect(seen.filter(({ killed }) => !killed)).toEqual([]);
    expect(seen.some(({ state }) => state === "nothing")).toBe(true);
    expect(seen.some(({ state }) => state === "all")).toBe(true);
  },
  300_000,
);
