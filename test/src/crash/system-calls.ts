/**
 * A program killed at each of its system calls in turn: `strace` delivers SIGKILL when the program enters one that touches certain
 * files, so that call does not happen. strace(1), "Tampering".
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

/** Whether `strace` is installed and may trace here. */
export function canTrace(): boolean {
  try {
    execFileSync("strace", ["-o", "/dev/null", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The `nth` call of this name, from 1, on whichever thread comes to so many first. */
export interface SystemCall {
  readonly name: string;
  readonly nth: number;
}

/** Every system call of the program on one of `files`, in order; each thread counts its own. */
export async function systemCalls(
  files: readonly string[],
  program: readonly string[],
): Promise<readonly SystemCall[]> {
  const { written } = await trace(files, [], program);
  const counts = new Map<string, number>();
  const calls = new Map<string, SystemCall>();
  for (const line of written.split("\n")) {
    const [, thread = "", name] = /^(?:\[pid +(\d+)\] )?(\w+)\(/.exec(line) ?? [];
    if (name === undefined) continue;
    const nth = (counts.get(`${thread} ${name}`) ?? 0) + 1;
    counts.set(`${thread} ${name}`, nth);
    calls.set(`${name} ${nth}`, { name, nth });
  }
  return [...calls.values()];
}

/** Whether a call changes what lies on the disk, or has it brought there: between two such calls there is nothing new to find. */
export function changesFiles({ name }: SystemCall): boolean {
  return /^(p?write|ftruncate|fallocate|fsync|fdatasync|sync_file_range|unlink|rename)/.test(name);
}

/** Runs the program until it enters the call. `killed` is false if it never did; `output` is what it wrote to stdout. */
export async function killedAt(
  { name, nth }: SystemCall,
  files: readonly string[],
  program: readonly string[],
): Promise<{ readonly killed: boolean; readonly output: string }> {
  const { killed, output } = await trace(files, [`--inject=${name}:signal=KILL:when=${nth}`], program);
  return { killed, output };
}

async function trace(
  files: readonly string[],
  options: readonly string[],
  program: readonly string[],
): Promise<{ readonly killed: boolean; readonly output: string; readonly written: string }> {
  const paths = files.map((file) => `--trace-path=${file}`);
  // The trace itself goes to stderr; a program that writes there too writes no lines that look like calls.
  const child = spawn("strace", ["--follow-forks", "--quiet=all", ...paths, ...options, ...program], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let written = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    written += chunk;
  });
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  // strace ends as the program did.
  const killed = signal === "SIGKILL";
  if (!killed && code !== 0) throw new Error(`the program ended with ${code ?? signal}: ${written}`);
  return { killed, output, written };
}
