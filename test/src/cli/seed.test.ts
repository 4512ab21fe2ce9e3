/** `kmslite init --seed`: the same keys every time, from our own form and from both forms of local-kms. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { kmslite, temporaryFolder } from "./kmslite.ts";

const ONE = "bc436485-5092-42b8-92a3-0aa8b93536dc";
const TWO = "800d5768-3fd7-4edd-a4b8-4c81c3e4c147";
const hex = (digits: string, bytes = 32) => digits.repeat(bytes);
const pem = (...options: string[]) => execFileSync("openssl", ["genpkey", "-quiet", ...options]).toString();
const sec1 = (curve: string) =>
  execFileSync("openssl", ["ecparam", "-name", curve, "-genkey", "-noout"]).toString();
const indented = (text: string, by: number) => text.trimEnd().replaceAll("\n", `\n${" ".repeat(by)}`);

/** Seeds a folder, and says what the exit code and the output were. */
async function seed(data: string, text: string) {
  const file = join(temporaryFolder(), "seed.yaml");
  writeFileSync(file, text);
  return kmslite(["init", "--data", data, "--seed", file, "--json"]);
}

async function run(data: string, ...command: string[]): Promise<Record<string, unknown>> {
  const { stdout, code, stderr } = await kmslite([...command, "--data", data, "--json"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout.toString()) as Record<string, unknown>;
}

const OURS = `
Keys:
  - KeyId: ${ONE}
    Description: orders
    BackingKeys: [${hex("01")}, ${hex("02")}]
    Tags: { team: shop }
    Policy:
      Version: "2012-10-17"
      Statement: { Effect: Allow, Principal: "*", Action: "kms:*", Resource: "*" }
    Grants:
      - GranteePrincipal: arn:aws:iam::000000000000:role/app
        Operations: [Decrypt]
Aliases:
  - { AliasName: alias/orders, TargetKeyId: ${ONE} }
`;

describe("kmslite init --seed", () => {
  test("makes what is missing, is content with what is there, and what one store encrypted another decrypts", async () => {
    const [a, b] = [join(temporaryFolder(), "a"), join(temporaryFolder(), "b")];
    for (const data of [a, b]) {
      const { stdout, code } = await seed(data, OURS);
      expect(code).toBe(0);
      expect(JSON.parse(stdout.toString())).toMatchObject({ created: true, keysMade: 1, aliasesMade: 1 });
    }
    expect(JSON.parse((await seed(a, OURS)).stdout.toString())).toMatchObject({
      created: false,
      keysMade: 0,
      aliasesMade: 0,
    });
    const file = join(temporaryFolder(), "plain");
    writeFileSync(file, "attack at dawn");
    const sealed = join(temporaryFolder(), "sealed");
    await kmslite(["encrypt", "-k", "alias/orders", "-i", file, "-o", sealed, "--data", a]);
    expect((await kmslite(["decrypt", "-i", sealed, "--data", b])).stdout.toString()).toBe("attack at dawn");
  });

  test.each([
    ["another description", OURS.replace("orders\n", "other\n")],
    ["other material", OURS.replace(hex("02"), hex("03"))],
    ["another policy", OURS.replace("kms:*", "kms:Encrypt")],
    ["another tag", OURS.replace("shop", "bank")],
    ["another origin", OURS.replace("Description:", "Origin: EXTERNAL\n    Description:")],
  ])("refuses %s as a whole, and makes nothing of it", async (_, text) => {
    const data = join(temporaryFolder(), "data");
    await seed(data, OURS);
    const more = `${text}  - { AliasName: alias/more, TargetKeyId: ${ONE} }\n`;
    const { code, stderr } = await seed(data, more);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      error: "AlreadyExistsException",
      message: expect.stringContaining(`The store disagrees with the seed: ${ONE} has`),
    });
    const { keys } = await run(data, "keys", "list");
    expect(keys).toEqual([expect.objectContaining({ keyId: ONE, aliases: ["alias/orders"] })]);
  });

  test("reads the first form of local-kms as it is", async () => {
    const data = join(temporaryFolder(), "data");
    const text = `
Keys:
  Symmetric:
    Aes:
      - Metadata:
          KeyId: ${ONE}
          Description: "Your key description"
        NextKeyRotation: "2199-09-12T15:19:21+00:00"
        BackingKeys:
          - 5cdaead27fe7da2de47945d73cd6d79e36494e73802f3cd3869f1d2cb0b5d7a9
          - ${hex("aB")}
      - Metadata: { KeyId: 5d05267f-bb87-4d0b-8594-295a4371d414, Origin: EXTERNAL }
      - Metadata: { KeyId: 5ef77041-d1e6-4af1-9a41-e49a4b45efb6, Origin: EXTERNAL }
        BackingKeys: [b200b324de29609558e13780160e38fc193f6bec9f9dba58a2be5b37d5098d74]
    Hmac:
      - Metadata: { KeyId: f1234567-89ab-cdef-0123-456789abcdef, KeyUsage: GENERATE_VERIFY_MAC, KeySpec: HMAC_384 }
        BackingKeys: [${hex("ab", 48)}]
  Asymmetric:
    Ecc:
      - Metadata:
          KeyId: ${TWO}
          KeyUsage: SIGN_VERIFY
        PrivateKeyPem: |
          ${indented(sec1("prime256v1"), 10)}
    Rsa:
      - Metadata:
          KeyId: ff275b92-0def-4dfc-b0f6-87c96b26c6c7
          KeyUsage: SIGN_VERIFY # or ENCRYPT_DECRYPT
        PrivateKeyPem: |
          ${indented(pem("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"), 10)}
Aliases:
  - AliasName: alias/testing
    TargetKeyId: ${ONE}
`;
    const { stdout, stderr } = await seed(data, text);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout.toString())).toMatchObject({ keysMade: 6, aliasesMade: 1 });
    expect(JSON.parse((await seed(data, text)).stdout.toString())).toMatchObject({ keysMade: 0 });
    const { keys } = (await run(data, "keys", "list")) as { keys: { keyId: string; state: string }[] };
    const states = new Map(keys.map(({ keyId, state }) => [keyId, state]));
    expect(states.get("5d05267f-bb87-4d0b-8594-295a4371d414")).toBe("PendingImport");
    expect([...states.values()].filter((state) => state === "Enabled")).toHaveLength(5);
  });

  test("reads the second form of local-kms as it is", async () => {
    const data = join(temporaryFolder(), "data");
    const text = `
Version: 2
Aliases:
  - AliasName: alias/seed_ecc_nist_p384_key_agreement
    TargetKeyId: ${TWO}
Keys:
  - KeyId: ${ONE}
    Metadata:
      KeySpec: SYMMETRIC_DEFAULT
      KeyUsage: ENCRYPT_DECRYPT
      Description: AES key (seed)
    Material:
      BackingKeys:
        - ${hex("0a")}
  - KeyId: ${TWO}
    Metadata:
      KeySpec: ECC_NIST_P384
      KeyUsage: KEY_AGREEMENT
    Material:
      PrivateKeyPem: |
        ${indented(sec1("secp384r1"), 8)}
  - KeyId: d447c3d8-7755-4ab4-935b-59c6dd9d3de2
    Metadata:
      KeySpec: ECC_NIST_EDWARDS25519
      KeyUsage: SIGN_VERIFY
    Material:
      PrivateKeyPem: |
        ${indented(pem("-algorithm", "ed25519"), 8)}
`;
    expect(JSON.parse((await seed(data, text)).stdout.toString())).toMatchObject({
      keysMade: 3,
      aliasesMade: 1,
    });
  });

  test.each([
    ["no YAML", "Keys: [", /is no seed/],
    ["a list", "[]", /the file must be a mapping/],
    ["a key without an id", `Keys: [{ BackingKeys: ["${hex("01")}"] }]`, /Keys\[0\]\.KeyId must be a text/],
    [
      "material that is a number",
      `Keys: [{ KeyId: ${ONE}, BackingKeys: [[12]] }]`,
      /BackingKeys\[0\] must be hex/,
    ],
    [
      "a private key that is none",
      `Keys: [{ KeyId: ${ONE}, PrivateKeyPem: x }]`,
      /PrivateKeyPem can't be read/,
    ],
  ])("does not understand %s, and makes no KMS", async (_, text, message) => {
    const data = join(temporaryFolder(), "data");
    const { code, stderr } = await seed(data, text);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect((await kmslite(["keys", "list", "--data", data])).code).toBe(3);
  });

  test.each([
    ["no material", `Keys: [{ KeyId: ${ONE} }]`, /has no material/],
    ["short material", `Keys: [{ KeyId: ${ONE}, BackingKeys: ["0102"] }]`, /32 bytes/],
    ["no key id", `Keys: [{ KeyId: x, BackingKeys: ["${hex("01")}"] }]`, /'x' is no key id/],
    [
      "no spec",
      `Keys: [{ KeyId: ${ONE}, KeySpec: AES, BackingKeys: ["${hex("01")}"] }]`,
      /unknown KeySpec AES/,
    ],
    ["two of one id", `Keys: [{ KeyId: ${ONE}, BackingKeys: ["${hex("01")}"] }, { KeyId: ${ONE} }]`, /twice/],
  ])("refuses a key with %s, and quotes no material", async (_, text, message) => {
    const { code, stderr } = await seed(join(temporaryFolder(), "data"), text);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(hex("01"));
  });
});
