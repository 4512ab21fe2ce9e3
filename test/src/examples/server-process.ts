/** A server that an example starts: a process that says where it listens. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface ServerProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a program and waits until it prints a URL on loopback.
 *
 * @throws if it ends before, or prints none within a minute; with what it printed
 */
export async function startServer(
  program: string,
  parameters: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<ServerProcess> {
  const child = spawn(program, [...parameters], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: what it starts in turn ends with it.
    detached: true,
  });
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) signal(child, "SIGTERM");
    const forced = setTimeout(() => signal(child, "SIGKILL"), 10_000);
    await ended;
    clearTimeout(forced);
  };
  try {
    return { url: await printedUrl(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function printedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const look = (chunk: unknown): void => {
      printed += String(chunk);
      const url = /http:\/\/127\.0\.0\.1:[0-9]+/.exec(printed)?.[0];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on("data", look);
    child.stderr?.on("data", look);
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`It ended: ${printed}`)));
    setTimeout(() => reject(new Error(`It printed no URL: ${printed}`)), 60_000).unref();
  });
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid ?? 0), name);
  } catch {
    // It ended by itself.
  }
}
