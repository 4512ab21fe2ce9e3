/** Runs the tests of a copy of `packages/policy/src`, which `main.ts` makes. */
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["**/*.test.ts"], testTimeout: 60_000 } });
