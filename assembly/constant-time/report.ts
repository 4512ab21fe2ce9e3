/** What the checker has to say about the shipped modules. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runGcm } from "./gcm-runs.ts";
import { runHmac } from "./hmac-runs.ts";
import type { Finding, Machine } from "./machine.ts";
import { type Module, readModule } from "./module.ts";

export interface Report {
  readonly findings: readonly Finding[];
  readonly instructions: number;
  /** Instructions that no run came to: nothing is known of them. */
  readonly unreached: readonly string[];
}

/** Every module that is shipped. */
export const SHIPPED: readonly { readonly name: string; readonly check: () => Report }[] = [
  { name: "gcm-scalar", check: () => checkGcm(built("aead", "gcm-scalar")) },
  { name: "gcm-simd", check: () => checkGcm(built("aead", "gcm-simd")) },
  { name: "gcm-relaxed-simd", check: () => checkGcm(built("aead", "gcm-relaxed-simd")) },
  { name: "hmac-sha256", check: () => checkHmac(built("crypto", "hmac-sha256")) },
];

function built(folder: string, name: string): Uint8Array {
  return readFileSync(join(import.meta.dirname, "../../packages", folder, "wasm", `${name}.wasm`));
}

/** Checks a module that exports what `assembly/src/gcm.ts` exports. */
export function checkGcm(bytes: Uint8Array): Report {
  const module = readModule(bytes);
  return reportOn(module, runGcm(module));
}

/** Checks a module that exports what `assembly/src/hmac-sha256.ts` exports. */
function checkHmac(bytes: Uint8Array): Report {
  const module = readModule(bytes);
  return reportOn(module, runHmac(module));
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
