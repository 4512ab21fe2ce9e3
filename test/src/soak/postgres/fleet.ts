/** The server processes of a soak: started, killed with SIGKILL, paused with SIGSTOP, and started again. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";

/** What a server process is told. */
export interface ServerSettings {
  readonly url: string;
  readonly schema: string;
  readonly clockFile: string;
  readonly keyCacheMs: number;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly region: string;
  readonly accountId: string;
}

/** One place of the fleet, in which one process follows another. */
export interface Member {
  readonly agent: Agent;
  child: ChildProcess | undefined;
  /** Names the process's sessions in the database. */
  application: string;
  port: number;
  /** Whether it takes calls; a paused one does. */
  up: boolean;
  paused: boolean;
  inFlight: number;
}

/** Milliseconds after which the database has finished or given up whatever it was told; above the store's timeout. */
export const LONGEST_STATEMENT = 7000;

interface FleetCounts {
  kills: number;
  pauses: number;
  databaseCrashes: number;
}

export class Fleet {
  readonly members: readonly Member[];
  readonly counts: FleetCounts = { kills: 0, pauses: 0, databaseCrashes: 0 };
  /** What processes wrote to stderr. */
  readonly complaints: string[] = [];
  readonly #settings: ServerSettings;
  readonly #watch: Pool;
  /** For each process that was killed, when nothing of it is under way any more. */
  readonly #over = new Map<string, Promise<void>>();
  #started = 0;

  private constructor(settings: ServerSettings, size: number, watch: Pool) {
    this.#settings = settings;
    this.#watch = watch;
    this.members = Array.from({ length: size }, () => ({
      agent: new Agent({ keepAlive: true, maxSockets: 64 }),
      child: undefined,
      application: "",
      port: 0,
      up: false,
      paused: false,
      inFlight: 0,
    }));
  }

  static async start(settings: ServerSettings, size: number): Promise<Fleet> {
    const watch = new Pool({ connectionString: settings.url, max: 2 });
    // The database may end a session that is just being closed.
    watch.on("error", () => {});
    const fleet = new Fleet(settings, size, watch);
    await Promise.all(fleet.members.map((member) => fleet.#run(member)));
    return fleet;
  }

  /** Ends a process in the middle of whatever it does; resolves when nothing of it is under way in the database either. */
  async kill(member: Member): Promise<void> {
    member.up = false;
    this.counts.kills++;
    const over = this.#end(member);
    this.#over.set(member.application, over);
    await over;
  }

  /** Resolves when nothing of a process that broke off a call is under way any more. */
  async over(application: string): Promise<void> {
    await (this.#over.get(application) ?? sleep(LONGEST_STATEMENT));
  }

  /** Starts a process in the place of one that was killed. */
  async restart(member: Member): Promise<void> {
    await this.#run(member);
  }

  async pause(member: Member, milliseconds: number): Promise<void> {
    this.counts.pauses++;
    member.paused = true;
    member.child?.kill("SIGSTOP");
    await sleep(milliseconds);
    member.child?.kill("SIGCONT");
    member.paused = false;
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => this.#end(member)));
    await this.#watch.end();
  }

  async #end(member: Member): Promise<void> {
    const { child } = member;
    member.child = undefined;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    member.agent.destroy();
    await this.#sessionsOver(member.application);
  }

  /** A statement that had reached the database is finished there though its client is dead. */
  async #sessionsOver(application: string): Promise<void> {
    for (;;) {
      const { rows } = await this.#watch.query("SELECT FROM pg_stat_activity WHERE application_name = $1", [
        application,
      ]);
      if (rows.length === 0) return;
      await sleep(20);
    }
  }

  async #run(member: Member): Promise<void> {
    member.application = `soak-${++this.#started}`;
    const url = new URL(this.#settings.url.replace("@/", "@localhost/"));
    url.searchParams.set("application_name", member.application);
    const settings = { ...this.#settings, url: url.toString().replace("@localhost/", "@/") };
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, "server.ts"), JSON.stringify(settings)],
      {
        stdio: ["pipe", "pipe", "pipe"],
      },
    );
    member.child = child;
    createInterface({ input: child.stderr }).on("line", (line) => this.complaints.push(line));
    const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    if (typeof value !== "string") throw new Error(`a server did not start: ${this.complaints.join("\n")}`);
    member.port = Number(value);
    member.up = true;
  }
}
