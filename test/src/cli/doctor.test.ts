/** `kmslite doctor`: what it says of a store, as text and as JSON, and its exit codes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kmslite, temporaryFolder } from "./kmslite.ts";

const OPEN = "bc436485-5092-42b8-92a3-0aa8b93536dc";
const SEED = `
Keys:
  - KeyId: ${OPEN}
    BackingKeys: [${"01".repeat(32)}]
    NextKeyRotation: "2199-09-12T15:19:21Z"
    Policy:
      Version: "2012-10-17"
      Statement: { Effect: Allow, Principal: "*", Action: "kms:*", Resource: "*" }
`;

async function doctor(data: string, ...options: string[]) {
  const { code, stdout, stderr } = await kmslite(["doctor", "--data", data, ...options]);
  expect(stderr).toBe("");
  return { code, text: stdout.toString() };
}

test("a store without mistakes, one with, and one whose mistakes are known", async () => {
  const data = join(temporaryFolder(), "data");
  await kmslite(["init", "--data", data]);
  expect(await doctor(data)).toEqual({ code: 0, text: "Looked at 0 keys: nothing found.\n" });

  const seed = join(temporaryFolder(), "seed.yaml");
  writeFileSync(seed, SEED);
  expect((await kmslite(["init", "--data", data, "--seed", seed])).code).toBe(0);
  const found = await doctor(data);
  expect(found).toEqual({
    code: 1,
    text: `error: key-policy-everyone
  arn:aws:kms:us-east-1:000000000000:key/${OPEN}
  Statement of the key policy allows kms:* to everyone, in every account, without a condition.
  Name the principals, or add a condition such as StringEquals kms:CallerAccount.

Looked at 1 key: 1 found.
`,
  });
  const json = await doctor(data, "--json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.text)).toMatchObject({
    keys: 1,
    findings: [{ id: "key-policy-everyone", severity: "error", resource: expect.stringContaining(OPEN) }],
  });
  expect((await doctor(data, "--ignore", "key-policy-everyone")).code).toBe(0);
});

test("without a store there is nothing to look at", async () => {
  const { code, stderr } = await kmslite(["doctor", "--data", join(temporaryFolder(), "none"), "--json"]);
  expect(code).toBe(3);
  expect(JSON.parse(stderr)).toHaveProperty("error");
});
