/** 100,000 generated requests over all operations; `pnpm soak requests` sends more, from other seeds. */
import { loadOperations } from "@kmslite/service";
import { expect, test } from "vitest";
import { fuzz } from "./run.ts";

const REQUESTS = 100_000;
const SEED = 20_261_125n;

test(`${REQUESTS} requests of every kind yield no error of the server and no unforeseen exception`, async () => {
  const { requests, succeeded, errors, reached } = await fuzz(SEED, REQUESTS);
  expect(requests).toBe(REQUESTS);
  // Not all garbage, and not all of it refused at the door: most operations succeed now and then, and many errors come.
  expect(succeeded).toBeGreaterThan(REQUESTS / 20);
  expect(errors.size).toBeGreaterThan(15);
  // Five need a cluster or a proxy, and some an answer of another kind of key than the one that was drawn.
  expect(reached.size).toBeGreaterThan(((await loadOperations()).length * 2) / 3);
}, 180_000);
