// Prints what the checker says of the built modules: `pnpm constant-time`. Exits with 1 if one may leak.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkGcm } from "./report.ts";

for (const name of ["gcm-scalar", "gcm-simd", "gcm-relaxed-simd"]) {
  const { findings, instructions, unreached } = checkGcm(
    readFileSync(join(import.meta.dirname, "../../packages/aead/wasm", `${name}.wasm`)),
  );
  console.log(
    `${name}: ${instructions} instructions, ${unreached.length} not reached, ${findings.length} findings`,
  );
  for (const { what, instruction, where } of findings) console.log(`  ${what}: ${instruction} in ${where}`);
  for (const where of unreached) console.log(`  not reached: ${where}`);
  if (findings.length + unreached.length > 0) process.exitCode = 1;
}
