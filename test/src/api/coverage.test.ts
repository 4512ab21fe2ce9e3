/** The page of the API coverage is what the code and the tests are today. */
import { readFileSync } from "node:fs";
import { loadOperations } from "@kmslite/service";
import { expect, test } from "vitest";
import { measureCoverage } from "./coverage.ts";
import { SDK_OPERATIONS } from "./sdk.ts";
import { PAGE, pageOf } from "./table.ts";

test("every served operation is one that the official SDK exports, of which there are 56", async () => {
  expect(SDK_OPERATIONS).toHaveLength(56);
  const served = (await loadOperations()).map(({ name }) => name);
  expect(served.filter((name) => !SDK_OPERATIONS.includes(name))).toEqual([]);
});

test("docs/api-coverage.md is up to date (pnpm api-coverage), and every served operation succeeds through the SDK", async () => {
  const rows = await measureCoverage();
  expect(rows.filter(({ served, happy }) => served && happy === 0)).toEqual([]);
  expect(readFileSync(PAGE, "utf8")).toBe(pageOf(rows));
}, 120_000);
