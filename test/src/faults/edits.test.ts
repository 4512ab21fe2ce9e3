import { afterAll, beforeAll, expect, test } from "vitest";
import { discard, type Original, type Outcome, original, tryEdit } from "./edits.ts";

const EDITS = 300;

let source: Original;
beforeAll(async () => {
  source = await original();
}, 60_000);
afterAll(() => discard(source));

test(`${EDITS} random edits of the database are harmless or refused, never answered wrongly`, async () => {
  const outcomes: Record<Outcome, number> = { harmless: 0, refused: 0, past: 0 };
  for (let seed = 1; seed <= EDITS; seed++) outcomes[(await tryEdit(source, seed)).outcome]++;
  // All three happen, or the edits don't reach what they should.
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(5);
}, 300_000);
