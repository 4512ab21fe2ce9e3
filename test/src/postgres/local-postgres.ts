/** A PostgreSQL of the tests' own: a new cluster in a temporary folder, on a Unix socket, ended with the tests. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

export interface LocalPostgres {
  /** `postgresql://…`, as a role that may do everything. */
  readonly url: string;
  /** The server's process. */
  readonly server: ChildProcess;
  /** Ends it as a crash does (an immediate shutdown: no checkpoint, clients cut off) and starts it again; resolves when it answers. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** The folder with `initdb` and `postgres`, or `undefined` if PostgreSQL's server is not installed. */
export function postgresPrograms(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const packaged = existsSync(debian)
    ? readdirSync(debian).map((version) => join(debian, version, "bin"))
    : [];
  const folders = [...packaged.sort().reverse(), ...(process.env["PATH"] ?? "").split(delimiter)];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** Starts a server; `settings` are those of postgresql.conf. */
export async function startPostgres(
  programs: string,
  settings: readonly string[] = [],
): Promise<LocalPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-postgres-"));
  const identity = unprivileged();
  if (identity !== undefined) chownSync(folder, identity.uid, identity.gid);
  const data = join(folder, "data");
  const initdb = ["--pgdata", data, "--auth", "trust", "--username", "kmslite", "--encoding", "UTF8"];
  execFileSync(join(programs, "initdb"), initdb, { ...identity, cwd: folder, stdio: "ignore" });
  const options = ["listen_addresses=", `unix_socket_directories=${folder}`, ...settings];
  const run = (): ChildProcess =>
    spawn(join(programs, "postgres"), ["-D", data, ...options.flatMap((setting) => ["-c", setting])], {
      ...identity,
      cwd: folder,
      stdio: "ignore",
    });
  let server = run();
  const url = `postgresql://kmslite@/postgres?host=${encodeURIComponent(folder)}`;
  const end = async (signal: "SIGINT" | "SIGQUIT"): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, "exit");
  };
  const crash = async (): Promise<void> => {
    await end("SIGQUIT");
    server = run();
    await answering(url);
  };
  const stop = async (): Promise<void> => {
    await end("SIGINT");
    rmSync(folder, { recursive: true });
  };
  try {
    await answering(url);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    get server() {
      return server;
    },
    crash,
    stop,
  };
}

/** PostgreSQL refuses to run as root: then it runs as the user that Debian's package made for it. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string): number =>
    Number(execFileSync("id", [option, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function answering(url: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt === 1200) throw error;
      await sleep(50);
    }
  }
}
