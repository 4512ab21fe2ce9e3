/** Cold starts on Node.js: whole processes, alternating, each of which tells how long its work took and what memory it held. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openKms } from "kmslite/node";

const run = promisify(execFile);
const CHILDREN = join(import.meta.dirname, "children");

/** What a child process tells of itself. */
export interface ColdStart {
  /** From the first line of its code to the last of its work. */
  readonly nanoseconds: number;
  /** From before it was started to its end. */
  readonly process: number;
  /** Bytes that it held at most, the program itself included. */
  readonly peak: number;
}

/** A folder with a KMS in it, and a blob. */
export interface KeptKms {
  readonly directory: string;
  readonly blob: string;
  remove(): Promise<void>;
}

export async function makeKeptKms(): Promise<KeptKms> {
  const directory = await mkdtemp(join(tmpdir(), "kmslite-bench-"));
  const { kms } = await openKms({ directory: join(directory, "kms") });
  const KeyId = (await kms.createKey({})).KeyMetadata?.KeyId;
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: new TextEncoder().encode("cold start") });
  await kms.close();
  return {
    directory: join(directory, "kms"),
    blob: Buffer.from(CiphertextBlob ?? []).toString("base64"),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

export async function coldStart(
  child: "first-decrypt" | "import-sdk" | "nothing",
  parameters: readonly string[] = [],
): Promise<ColdStart> {
  return timedRun(process.execPath, [join(CHILDREN, `${child}.js`), ...parameters]);
}

/** Node.js as AWS Lambda has it, which `pnpm runtimes:install` installs. */
const LAMBDA_NODE = join(import.meta.dirname, "../../../test/runtimes/node_modules/node-22/bin/node");

/**
 * A first Decrypt in a process of 128 MB, the smallest function that AWS Lambda has: the kernel holds its private memory to that
 * (RLIMIT_DATA, which is Linux's), with 1 MiB of stack for each thread.
 *
 * @returns undefined where that can't be had
 */
export async function coldStartIn128MiB(parameters: readonly string[]): Promise<ColdStart | undefined> {
  if (process.platform !== "linux" || !existsSync(LAMBDA_NODE)) return undefined;
  const limits = `ulimit -s 1024; ulimit -d ${128 * 1024}; exec "$0" "$@"`;
  const heap = ["--max-old-space-size=48", "--max-semi-space-size=1", "--no-warnings"];
  const script = join(CHILDREN, "first-decrypt.js");
  return timedRun("sh", ["-c", limits, LAMBDA_NODE, ...heap, script, ...parameters]);
}

async function timedRun(program: string, parameters: readonly string[]): Promise<ColdStart> {
  const began = process.hrtime.bigint();
  const { stdout } = await run(program, [...parameters], { timeout: 60_000 });
  return { ...(JSON.parse(stdout) as ColdStart), process: Number(process.hrtime.bigint() - began) };
}
