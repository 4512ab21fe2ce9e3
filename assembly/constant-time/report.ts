/** What the checker has to say about a module. */
import { runGcm } from "./gcm-runs.ts";
import type { Finding, Machine } from "./machine.ts";
import { type Module, readModule } from "./module.ts";

export interface Report {
  readonly findings: readonly Finding[];
  readonly instructions: number;
  /** Instructions that no run came to: nothing is known of them. */
  readonly unreached: readonly string[];
}

/** Checks a module that exports what `assembly/src/gcm.ts` exports. */
export function checkGcm(bytes: Uint8Array): Report {
  const module = readModule(bytes);
  return reportOn(module, runGcm(module));
}

/** What a machine found that ran the module. */
function reportOn(module: Module, machine: Machine): Report {
  const all = module.functions.flatMap(({ name, instructions }) =>
    instructions.map((instruction, place) => ({
      instruction,
      where: `${name}, instruction ${place}: ${instruction.name}`,
    })),
  );
  // The ends of blocks that every path leaves by a branch do nothing.
  const unreached = all.filter(({ instruction }) => !instruction.executed && instruction.name !== "end");
  return {
    findings: [...machine.findings.values()],
    instructions: all.length,
    unreached: unreached.map(({ where }) => where),
  };
}
