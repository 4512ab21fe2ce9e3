/** Every runtime: the suite first, then, after a restart, what was kept and the blobs of all others. */
import type { Artifact, Outcome } from "./behaviours/platform.ts";
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

export async function showAll(
  runtimes: readonly Runtime[],
  progress: (line: string) => void = () => {},
): Promise<readonly Showing[]> {
  const started: { name: string; runtime: StartedRuntime; outcomes: Outcome[] }[] = [];
  const missing: Showing[] = [];
  const artifacts: Artifact[] = [];
  try {
    for (const { name, find, start } of runtimes) {
      const found = await find();
      progress(`${name}: ${found === undefined ? "not installed, skipped" : "the suite"}`);
      if (found === undefined) {
        missing.push({ name, outcomes: [] });
        continue;
      }
      const runtime = await start(found);
      const entry: (typeof started)[number] = { name, runtime, outcomes: [] };
      started.push(entry);
      const { outcomes, artifact } = await runtime.ask({ phase: "first", runtime: name });
      entry.outcomes.push(...outcomes);
      if (artifact !== undefined) artifacts.push(artifact);
    }
    for (const { name, runtime, outcomes } of started) {
      progress(`${name}: after a restart`);
      outcomes.push(...(await runtime.ask({ phase: "restarted", artifacts })).outcomes);
    }
    const shown = started.map(({ name, runtime, outcomes }) => ({
      name,
      version: runtime.version(),
      outcomes,
    }));
    const byName = new Map([...shown, ...missing].map((showing) => [showing.name, showing]));
    return runtimes.flatMap(({ name }) => byName.get(name) ?? []);
  } finally {
    for (const { runtime } of started) await runtime.stop();
  }
}
