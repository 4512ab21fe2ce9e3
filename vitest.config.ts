import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "test/**/*.test.ts",
      "assembly/**/*.test.ts",
      "bench/src/**/*.test.ts",
    ],
    testTimeout: 120_000,
  },
});
