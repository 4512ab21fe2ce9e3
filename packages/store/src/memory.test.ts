import { expect, test } from "vitest";
import { storeConformance } from "./conformance/index.ts";
import { memoryStore } from "./memory.ts";

const memory = {
  create: async () => ({ open: async () => memoryStore(), dispose: async () => {} }),
  persistent: false,
};

for (const { name, run } of storeConformance(memory)) test(name, run);

test("100,000 records are written and listed within seconds, in any order of writing", async () => {
  const store = memoryStore();
  const key = (index: number) => `k/${((index * 7919) % 100_000).toString().padStart(6, "0")}`;
  for (let index = 0; index < 100_000; index += 100) {
    const sets = Array.from({ length: 100 }, (_, at) => ({
      key: key(index + at),
      version: 1,
      value: Uint8Array.of(1),
    }));
    await store.commit({ checks: [], sets, deletes: [] });
  }
  const middle = await store.list({ start: "k/050000", end: "k/~", limit: 3 });
  expect(middle.map((record) => record.key)).toEqual(["k/050000", "k/050001", "k/050002"]);
});
