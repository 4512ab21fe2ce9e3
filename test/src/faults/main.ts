/**
 * Long runs of faults: `node test/src/faults/main.ts --edits 10000 --kills 5000 --seed N`.
 *
 * Prints the seed first, and exits with 1 at the first wrong answer, naming the edit that replays it.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { discard, type Outcome, original, tryEdit } from "./edits.ts";
import { killRepeatedly } from "./kills.ts";

const { values } = parseArgs({
  options: {
    edits: { type: "string", default: "0" },
    kills: { type: "string", default: "0" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
  },
});
const seed = Number(values.seed);
console.log(`seed ${seed}`);
if (Number(values.edits) > 0) await edit(Number(values.edits));
if (Number(values.kills) > 0) {
  const { calls, kills, happened } = await killRepeatedly(seed, Number(values.kills));
  console.log(
    `${calls} changes acknowledged under ${kills} kills; ${happened} of those under way had happened; nothing lost`,
  );
}

async function edit(count: number): Promise<void> {
  const source = await original();
  const outcomes: Record<Outcome, number> = { harmless: 0, refused: 0, past: 0 };
  try {
    for (let number = 0; number < count; number++) {
      outcomes[(await tryEdit(source, seed + number)).outcome]++;
      if ((number + 1) % 1000 === 0) console.log(`${number + 1} edits`, outcomes);
    }
  } finally {
    discard(source);
  }
}
