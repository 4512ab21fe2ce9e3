/**
 * OpenSSL held to software: `openssl speed` in a process of its own, with AES-NI, VAES and carry-less multiplication masked.
 *
 * It seals with one key and counts processor time, so that a busy machine does not slow it: what is measured here against it
 * is at no advantage.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ForeignPeer } from "../../measure.ts";

/** Bits 57 (AES-NI) and 33 (PCLMULQDQ) of the first capability vector, and all of the second, which holds AVX2 and VAES. */
const SOFTWARE_ONLY = "~0x200000200000000:0x0";

const run = promisify(execFile);

/** The peer, or `undefined` where there is no `openssl` that can be measured. */
export async function opensslPeer(bytes: number): Promise<ForeignPeer | undefined> {
  try {
    await run("openssl", ["version"]);
  } catch {
    return undefined;
  }
  return { engine: "openssl-software", sample: () => speedOf(bytes) };
}

async function speedOf(bytes: number): Promise<number> {
  const { stdout, stderr } = await run(
    "openssl",
    ["speed", "-mr", "-evp", "aes-256-gcm", "-bytes", String(bytes), "-seconds", "1"],
    { env: { ...process.env, OPENSSL_ia32cap: SOFTWARE_ONLY } },
  );
  return (bytes * 1e9) / parseSpeed(`${stdout}\n${stderr}`);
}

/**
 * Reads the machine-readable output of `openssl speed`: `+F:<number>:<algorithm>:<bytes per second>`.
 *
 * @returns bytes per second
 * @throws if there is no such line
 */
export function parseSpeed(output: string): number {
  const found = /^\+F:\d+:[^:]+:(\d+(?:\.\d+)?)/m.exec(output)?.[1];
  if (found === undefined) throw new Error(`openssl speed printed no figure: ${output.slice(0, 200)}`);
  return Number(found);
}
