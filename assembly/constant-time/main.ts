// Prints what the checker says of the built modules: `pnpm constant-time`. Exits with 1 if one may leak.
import { SHIPPED } from "./report.ts";

for (const { name, check } of SHIPPED) {
  const { findings, instructions, unreached } = check();
  console.log(
    `${name}: ${instructions} instructions, ${unreached.length} not reached, ${findings.length} findings`,
  );
  for (const { what, instruction, where } of findings) console.log(`  ${what}: ${instruction} in ${where}`);
  for (const where of unreached) console.log(`  not reached: ${where}`);
  if (findings.length + unreached.length > 0) process.exitCode = 1;
}
