/** The one suite in every runtime that is installed here. `pnpm runtimes:install` installs those that npm has. */
import { expect, test } from "vitest";
import { allRuntimes, showAll } from "./all.ts";

const runtimes = allRuntimes();
const installed = await Promise.all(runtimes.map(async ({ find }) => (await find()) !== undefined));
const present = runtimes.filter((_, index) => installed[index]);

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
