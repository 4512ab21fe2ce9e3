/** Debian's boto3, in one Python process that is spoken to in lines of JSON. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Client, type Endpoint, OperationError, toWire } from "./client.ts";
import { foreignEnvironment } from "./environment.ts";

/** Debian's, which its packages install modules for. */
const PYTHON = "/usr/bin/python3";

export const hasBoto3: boolean = existsSync(PYTHON) && imports("boto3");

interface Answer {
  readonly output?: Record<string, unknown>;
  readonly error?: { readonly Code: string; readonly Message: string };
}

export function boto3(endpoint: Endpoint): Client {
  const child = spawn(PYTHON, [join(import.meta.dirname, "boto3_client.py"), endpoint.url], {
    env: foreignEnvironment(endpoint),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name: "boto3",
    call: async (operation, input) => {
      child.stdin.write(`${JSON.stringify({ operation, input: toWire(input) })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error("boto3's process ended");
      const { output, error } = JSON.parse(value) as Answer;
      if (error !== undefined) throw new OperationError(error.Code, error.Message);
      return fromWire(output) as Record<string, unknown>;
    },
    close: () => ended(child),
  };
}

function fromWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromWire);
  if (typeof value !== "object" || value === null) return value;
  if ("base64" in value) return new Uint8Array(Buffer.from(value.base64 as string, "base64"));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fromWire(member)]));
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.stdin?.end();
  });
}

function imports(module: string): boolean {
  try {
    execFileSync(PYTHON, ["-c", `import ${module}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
