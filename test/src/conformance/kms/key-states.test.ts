import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { kmsKeyStates } from "./key-states.ts";

const directory = mkdtempSync(join(tmpdir(), "kmslite-matrix-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("a matrix that says otherwise is not passed", async () => {
  const table = {
    Encrypt: { Disabled: { r: "ok" }, Enabled: { r: "fail", notes: [1] }, Updating: { r: "ok" } },
    EnableKey: { "Pending import": { r: "fail", notes: [14] } },
    TagResource: { Enabled: { r: "n/a" } },
  };
  mkdirSync(join(directory, "kms"));
  writeFileSync(join(directory, "kms/key-state-matrix.json"), JSON.stringify({ table }));
  const [result] = await kmsKeyStates.run(directory);
  expect(result).toMatchObject({ passed: 1, failed: 3, skipped: 1, total: 5 });
  expect(result?.failures?.join("\n")).toMatch(/Encrypt in Disabled: refused: DisabledException/);
  expect(result?.failures?.join("\n")).toMatch(/Encrypt in Enabled: succeeded/);
  expect(result?.failures?.join("\n")).toMatch(/EnableKey in Pending import: refused otherwise/);
});
