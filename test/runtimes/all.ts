/** Every runtime: the suite first, then several at once, then kills, then, after a restart, what was kept and the blobs of all others. */
import { setTimeout as wait } from "node:timers/promises";
import { type Artifact, attempt, type Outcome } from "./behaviours/platform.ts";
import { hearAcknowledgements } from "./drivers/acknowledgements.ts";
import { browserRuntimes } from "./drivers/browser.ts";
import { edgeRuntime } from "./drivers/edge.ts";
import { lambdaRuntime } from "./drivers/lambda.ts";
import { processRuntimes } from "./drivers/process.ts";
import type { Runtime, StartedRuntime } from "./drivers/runtime.ts";
import { webkitRuntimes } from "./drivers/webkit.ts";
import { workerdRuntime } from "./drivers/workerd.ts";

/** What a runtime showed; `version` is undefined if it is not installed here. */
export interface Showing {
  readonly name: string;
  readonly version?: string;
  readonly outcomes: readonly Outcome[];
}

/** Runtimes that are asked at the same time. */
const AT_ONCE = 2;
const WRITERS = ["one", "two"];
const KILLS = 3;
/** Milliseconds after its first acknowledgement within which an instance is killed. */
const LIFE = 400;

export function allRuntimes(): readonly Runtime[] {
  return [
    ...processRuntimes(),
    workerdRuntime(),
    edgeRuntime(),
    lambdaRuntime(),
    ...browserRuntimes(),
    ...webkitRuntimes(),
  ];
}

/** One that is being asked. */
interface Asked {
  readonly name: string;
  readonly runtime: StartedRuntime;
  readonly outcomes: Outcome[];
  writers: readonly string[];
  acknowledged?: Readonly<Record<string, readonly string[]>>;
}

export async function showAll(
  runtimes: readonly Runtime[],
  progress: (line: string) => void = () => {},
): Promise<readonly Showing[]> {
  const started: Asked[] = [];
  const artifacts: Artifact[] = [];
  try {
    await inParallel(runtimes, async ({ name, find, start }) => {
      const found = await find();
      progress(`${name}: ${found === undefined ? "not installed, skipped" : "the suite"}`);
      if (found === undefined) return;
      const asked: Asked = { name, runtime: await start(found), outcomes: [], writers: [] };
      started.push(asked);
      await runs(asked, async () => {
        const { outcomes, artifact } = await asked.runtime.ask({ phase: "first", runtime: name });
        asked.outcomes.push(...outcomes);
        if (artifact !== undefined) artifacts.push(artifact);
        await shareAndKill(asked);
      });
    });
    await inParallel(started, async (asked) => {
      progress(`${asked.name}: after a restart`);
      const { writers, acknowledged } = asked;
      const kept = acknowledged === undefined ? {} : { acknowledged };
      await runs(asked, async () => {
        const { outcomes } = await asked.runtime.ask({ phase: "restarted", artifacts, writers, ...kept });
        asked.outcomes.push(...outcomes);
      });
    });
    return runtimes.map(({ name }) => {
      const asked = started.find((each) => each.name === name);
      if (asked === undefined) return { name, outcomes: [] };
      return { name, version: asked.runtime.version(), outcomes: asked.outcomes };
    });
  } finally {
    for (const { runtime } of started) await runtime.stop();
  }
}

/** A runtime that can't be asked, or ends before it has answered, failed; the others go on. */
async function runs({ outcomes }: Asked, work: () => Promise<void>): Promise<void> {
  const outcome = await attempt("runs to the end", work);
  if (outcome.result !== "passed") outcomes.push(outcome);
}

/** Where there can be several instances over one store, and where there are some that can be killed. */
async function shareAndKill(asked: Asked): Promise<void> {
  const { askTogether, askAndKill } = asked.runtime;
  if (askTogether !== undefined) {
    const answers = await askTogether(WRITERS.map((who) => ({ phase: "sharing", who })));
    asked.outcomes.push(...answers.flatMap(({ outcomes }) => outcomes));
    if (answers.some(({ outcomes }) => outcomes.length > 0)) asked.writers = WRITERS;
  }
  if (askAndKill === undefined || !asked.outcomes.some(({ name }) => name.startsWith("kept in "))) return;
  const acknowledgements = await hearAcknowledgements();
  try {
    for (let run = 0; run < KILLS; run++) {
      const question = { phase: "until killed", run: String(run), tell: acknowledgements.url } as const;
      await askAndKill(
        question,
        acknowledgements.next().then(() => wait(Math.random() * LIFE)),
      );
    }
  } finally {
    await acknowledgements.close();
  }
  asked.acknowledged = acknowledgements.heard;
}

/** Each of them, a few at a time. Fails with the first failure when all that were begun have ended. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  for (const end of ended) if (end.status === "rejected") throw end.reason;
}
