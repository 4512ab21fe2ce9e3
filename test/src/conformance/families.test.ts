import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { families, VECTORS } from "./registry.ts";

describe("published vectors", () => {
  for (const family of families) {
    test(`${family.id}: none fails on any engine`, async (context) => {
      for (const result of await family.run(VECTORS)) {
        expect(result.failures ?? [], result.engine).toEqual([]);
        expect(result.failed, result.engine).toBe(0);
        // Without the vectors beside the checkout nothing was tried, and the test says so.
        if (!existsSync(VECTORS)) context.skip(result.why_skipped);
        expect(result.passed, `${result.engine}: ${result.why_skipped}`).toBeGreaterThan(0);
      }
    });
  }
});

describe("families without their vectors", () => {
  for (const family of families) {
    test(`${family.id} names the files that are absent and passes nothing`, async () => {
      for (const result of await family.run("/nowhere")) {
        expect(result.passed).toBe(0);
        expect(result.skipped).toBe(result.total);
        expect(result.why_skipped).toMatch(/^not there: ./);
      }
    });
  }
});
