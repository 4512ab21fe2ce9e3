// pnpm sizes: what users download, minified and gzipped, against the budgets. Exits non-zero if one is exceeded.
import { type BundleSize, SIZED_BUNDLES, sizeOf } from "./start/sizes.ts";

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(2)} KiB`;

function line({ id, initial, budget, onDemand, chunks, loaded, intruders }: BundleSize): string {
  const limit = budget === undefined ? "no budget" : `of ${kib(budget)}`;
  const verdict = budget !== undefined && initial > budget ? "  TOO LARGE" : "";
  const run = loaded === undefined ? "" : `, ${kib(loaded)} loaded after a run`;
  const strangers = intruders.length === 0 ? "" : `  MUST NOT CONTAIN ${intruders.join(", ")}`;
  return (
    `${id.padEnd(26)} ${kib(initial).padStart(10)} ${limit.padEnd(13)} ` +
    `+ ${kib(onDemand).padStart(10)} on demand in ${chunks} chunks${run}${verdict}${strangers}`
  );
}

for (const bundle of SIZED_BUNDLES) {
  const size = await sizeOf(bundle);
  console.log(line(size));
  if (size.intruders.length > 0 || (size.budget !== undefined && size.initial > size.budget))
    process.exitCode = 1;
}
