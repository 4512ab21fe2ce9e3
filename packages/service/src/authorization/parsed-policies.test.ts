/** Parsed policies are remembered as far as their texts have room together. */
import { expect, test } from "vitest";
import { parsedPolicy } from "./parsed-policies.ts";

function policy(id: number, length: number): string {
  const text = JSON.stringify({ Id: String(id), Statement: { Effect: "Deny", Principal: "*" } });
  return text.padEnd(length);
}

test("what was parsed lately is not parsed again", () => {
  const first = parsedPolicy(policy(0, 1000), "resource");
  for (let id = 1; id < 900; id++) parsedPolicy(policy(id, 1000), "resource");
  expect(parsedPolicy(policy(0, 1000), "resource")).toBe(first);
});

test("long policies leave after fewer others, so that nobody fills the memory with them", () => {
  const first = parsedPolicy(policy(0, 32_768), "resource");
  for (let id = 1; id < 32; id++) parsedPolicy(policy(id, 32_768), "resource");
  expect(parsedPolicy(policy(0, 32_768), "resource")).toBe(first);
  parsedPolicy(policy(32, 32_768), "resource");
  expect(parsedPolicy(policy(0, 32_768), "resource")).not.toBe(first);
});
