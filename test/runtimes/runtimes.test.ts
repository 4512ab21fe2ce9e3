/** The one suite in every runtime that is installed here. `pnpm runtimes:install` installs those that npm has. */
import { expect, test } from "vitest";
import { allRuntimes, showAll } from "./all.ts";
import type { Runtime } from "./drivers/runtime.ts";

const runtimes = allRuntimes();
const installed = await Promise.all(runtimes.map(async ({ find }) => (await find()) !== undefined));
const present = runtimes.filter((_, index) => installed[index]).map(spared);

/**
 * Browsers are not killed here, as they are by `pnpm runtimes`: one that is killed whole may begin its storage anew, with nothing
 * in it, which is its own doing and would be taken for ours.
 */
function spared(runtime: Runtime): Runtime {
  if (!/^(Chromium|Firefox|WebKit),/.test(runtime.name)) return runtime;
  return {
    ...runtime,
    start: async (found) => {
      const { askAndKill: _, ...rest } = await runtime.start(found);
      return rest;
    },
  };
}

for (const { name } of runtimes.filter((_, index) => !installed[index]))
  test.skip(`${name}: not installed here`, () => {});

test(`${present.map(({ name }) => name).join("; ")}: every behaviour, and the blobs of all others`, async () => {
  const shown = await showAll(present);
  const failures = shown.flatMap(({ name, outcomes }) =>
    outcomes.filter(({ result }) => result === "failed").map((outcome) => ({ runtime: name, ...outcome })),
  );
  expect(failures).toEqual([]);
  // A runtime that was asked nothing would have failed nothing.
  for (const { name, outcomes } of shown) {
    const passed = outcomes.filter(({ result }) => result === "passed").map((outcome) => outcome.name);
    expect(passed, name).toEqual(expect.arrayContaining(["engine typescript", "every operation"]));
    for (const other of present) expect(passed, name).toContain(`blobs of ${other.name}`);
  }
}, 900_000);
