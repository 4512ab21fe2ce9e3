/** The suite `start`: what has to be downloaded, and how long it is until the first Decrypt. */
import { measure } from "../measure.ts";
import type { Figure, Measurement, Ratio, Suite } from "../report.ts";
import { type ColdStart, coldStart, coldStartIn128MiB, makeKeptKms } from "./cold.ts";
import { SIZED_BUNDLES, sizeOf } from "./sizes.ts";
import { startInWorkerd } from "./workerd.ts";

const LAMBDA_MEMORY = 128 * 1024 * 1024;

export const startSuite: Suite = {
  name: "start",
  run: async (progress, { quick }) => {
    const results: Measurement[] = [];
    const ratios: Ratio[] = [];
    const figures: Figure[] = [];
    const skipped: string[] = [];

    progress("sizes");
    for (const bundle of SIZED_BUNDLES) {
      const { id, initial, onDemand, loaded, budget } = await sizeOf(bundle);
      figures.push({ id: `${id}.initial`, value: initial, unit: "bytes" });
      figures.push({ id: `${id}.on-demand`, value: onDemand, unit: "bytes" });
      if (loaded !== undefined) figures.push({ id: `${id}.loaded`, value: loaded, unit: "bytes" });
      if (budget !== undefined)
        ratios.push({ id: `${id}.vs-budget`, value: initial / budget, aim: 1, better: "lower" });
    }

    const kept = await makeKeptKms();
    try {
      const parameters = [kept.directory, kept.blob];
      const rounds = quick ? 9 : 31;
      const starts = {
        "first-decrypt": () => coldStart("first-decrypt", parameters),
        "import-sdk": () => coldStart("import-sdk"),
        nothing: () => coldStart("nothing"),
      };
      progress(`${rounds} cold starts: the work`);
      const work = await measure({ id: "start.cold", bytes: 0, rounds }, [
        timed("first-decrypt", starts["first-decrypt"], "nanoseconds"),
        timed("import-sdk", starts["import-sdk"], "nanoseconds"),
      ]);
      progress(`${rounds} cold starts: the whole process`);
      const whole = await measure({ id: "start.cold.process", bytes: 0, rounds }, [
        timed("first-decrypt", starts["first-decrypt"], "process"),
        timed("import-sdk", starts["import-sdk"], "process"),
        timed("nothing", starts.nothing, "process"),
      ]);
      results.push(...work.measurements, ...whole.measurements);
      ratios.push({
        id: "start.cold.vs-sdk-import",
        engine: "first-decrypt",
        against: "import-sdk",
        value: work.speedup("import-sdk", "first-decrypt"),
        aim: 0.5,
        better: "lower",
      });

      progress("memory");
      figures.push({
        id: "start.cold.peak-memory",
        value: (await starts["first-decrypt"]()).peak,
        unit: "bytes",
      });
      figures.push({
        id: "start.sdk-import.peak-memory",
        value: (await starts["import-sdk"]()).peak,
        unit: "bytes",
      });
      figures.push({ id: "start.nothing.peak-memory", value: (await starts.nothing()).peak, unit: "bytes" });
      const small = await coldStartIn128MiB(parameters);
      if (small === undefined) skipped.push("start.128-mib: needs Linux, and pnpm runtimes:install");
      else {
        figures.push({ id: "start.128-mib.peak-memory", value: small.peak, unit: "bytes" });
        const value = small.peak / LAMBDA_MEMORY;
        ratios.push({ id: "start.128-mib.peak-vs-limit", value, aim: 1, better: "lower" });
      }
    } finally {
      await kept.remove();
    }

    progress("workerd");
    const workerd = await startInWorkerd(quick ? 3 : 7);
    if (workerd === undefined) skipped.push("start.workerd: pnpm runtimes:install installs miniflare");
    else {
      results.push(...workerd.measurements);
      figures.push(...workerd.figures);
    }
    return { name: "start", results, ratios, figures, skipped };
  },
};

function timed(engine: string, start: () => Promise<ColdStart>, time: "nanoseconds" | "process") {
  return { engine, sample: async () => (await start())[time] };
}
