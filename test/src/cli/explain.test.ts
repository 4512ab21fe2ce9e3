/** `kmslite explain`: the commands of a user's question, with their answers and exit codes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kmslite, temporaryFolder } from "./kmslite.ts";

const ID = "bc436485-5092-42b8-92a3-0aa8b93536dc";
const KEY = `arn:aws:kms:us-east-1:000000000000:key/${ID}`;
const ALICE = "arn:aws:iam::000000000000:user/alice";
const SEED = `
Keys:
  - KeyId: ${ID}
    BackingKeys: [${"01".repeat(32)}]
    Policy:
      Version: "2012-10-17"
      Statement:
        - { Sid: Account, Effect: Allow, Principal: { AWS: "000000000000" }, Action: "kms:*", Resource: "*" }
        - Sid: Orders
          Effect: Allow
          Principal: { AWS: "${ALICE}" }
          Action: kms:Decrypt
          Resource: "*"
          Condition: { StringEquals: { "kms:EncryptionContext:purpose": orders } }
    Grants:
      - GranteePrincipal: ${ALICE}
        Operations: [Encrypt]
Aliases:
  - { AliasName: alias/app, TargetKeyId: ${ID} }
`;

async function seeded(): Promise<string> {
  const folder = temporaryFolder();
  const seed = join(folder, "seed.yaml");
  writeFileSync(seed, SEED);
  const data = join(folder, "data");
  expect((await kmslite(["init", "--data", data, "--seed", seed])).code).toBe(0);
  return data;
}

test("a denied request: why, and what would have to change", async () => {
  const data = await seeded();
  const asked = ["explain", "--data", data, "--as", ALICE, "--action", "kms:Decrypt", "--key", "alias/app"];
  const denied = await kmslite([...asked, "--context", "purpose=mail"]);
  expect(denied.code).toBe(1);
  expect(denied.stderr).toBe("");
  expect(denied.stdout.toString()).toMatch(
    new RegExp(
      `^DENIED: kms:Decrypt on ${KEY}
for ${ALICE}
No identity policy of the caller allows it, and nothing allows it to the caller without one.

Statements that mattered:
  key policy, Statement\\[0\\] "Account" \\(Allow\\): applies, to the caller's account
  key policy, Statement\\[1\\] "Orders" \\(Allow\\): does not apply
    StringEquals kms:EncryptionContext:purpose is "orders"; the request has "mail"

To allow it:
  1\\. an identity policy of ${ALICE} must allow kms:Decrypt on ${KEY}
     or the key policy must allow kms:Decrypt to ${ALICE} itself

Grants:
  [0-9a-f]{64} \\(seed-0\\) to ${ALICE}, Encrypt: does not allow it, it does not have the operation Decrypt
$`,
    ),
  );

  const allowed = await kmslite([...asked, "--context", "purpose=orders", "--json"]);
  expect(allowed.code).toBe(0);
  expect(JSON.parse(allowed.stdout.toString())).toMatchObject({
    allowed: true,
    permissions: [{ reason: "KeyPolicy", resource: KEY, changes: [] }],
  });

  const policy = join(data, "decrypt.json");
  writeFileSync(
    policy,
    JSON.stringify({ Statement: { Effect: "Allow", Action: "kms:Decrypt", Resource: KEY } }),
  );
  const byPolicy = await kmslite([...asked, "--identity-policy", policy]);
  expect(byPolicy.code).toBe(0);
  expect(byPolicy.stdout.toString()).toContain(`identity policy ${policy}, Statement (Allow): applies`);
});

test.each([
  ["no principal", ["--action", "kms:Decrypt"], 2, /--as/],
  ["a principal that is none", ["--as", "alice", "--action", "kms:ListKeys"], 1, /no ARN of a user/],
  ["no such key", ["--as", ALICE, "--action", "kms:Decrypt", "--key", "alias/none"], 1, /NotFoundException/],
  [
    "a file that is not there",
    ["--as", ALICE, "--action", "kms:ListKeys", "--boundary", "no.json"],
    5,
    /no\.json/,
  ],
  [
    "a request that is no object",
    ["--as", ALICE, "--action", "kms:ListKeys", "--request", "[]"],
    2,
    /JSON object/,
  ],
] as const)("%s", async (_, options, exit, message) => {
  const data = await seeded();
  const { code, stderr } = await kmslite(["explain", "--data", data, ...options]);
  expect(stderr).toMatch(message);
  expect(code).toBe(exit);
});
