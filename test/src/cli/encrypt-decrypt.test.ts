import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { kmslite, type RunOptions, run, temporaryFolder } from "./kmslite.ts";

const data = join(mkdtempSync(join(tmpdir(), "kmslite-cli-")), "data");
const command = (args: readonly string[], options?: RunOptions) =>
  kmslite([...args, "--data", data], options);
const encrypt = ["encrypt", "-k", "alias/app"];

beforeAll(async () => {
  await command(["init"]);
  await command(["keys", "create", "--alias", "alias/app"]);
  return () => run("rm", ["-r", data]);
});

test.each([
  ["one byte", Buffer.of(0)],
  ["text", Buffer.from("attack at dawn\n")],
  ["every byte value", Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
  ["4,096 random bytes", randomBytes(4096)],
])("pipes give back %s as it was", async (_what, plaintext) => {
  const encrypted = await command(encrypt, { input: plaintext });
  expect(encrypted).toMatchObject({ code: 0, stderr: "" });
  expect(encrypted.stdout).toHaveLength(plaintext.length + 132);
  const decrypted = await command(["decrypt"], { input: encrypted.stdout });
  expect(decrypted).toMatchObject({ code: 0, stdout: plaintext, stderr: "" });
});

test("files, base64 and JSON give back what was put in", async () => {
  const folder = temporaryFolder();
  const [plain, sealed, opened] = ["plain", "sealed", "opened"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(plain, "from a file");
  await command([...encrypt, "-i", plain, "-o", sealed, "--context", "tenant=north", "--context", "empty="]);
  const context = ["--context", "empty=", "--context", "tenant=north"];
  expect(await command(["decrypt", "-i", sealed, "-o", opened, ...context])).toMatchObject({
    code: 0,
    stderr: "",
  });
  expect(readFileSync(opened, "utf8")).toBe("from a file");
  expect(statSync(opened).mode & 0o777).toBe(0o600);

  const base64 = await command([...encrypt, "--base64"], { input: "in base64" });
  expect(base64.stdout.toString()).toMatch(/^[A-Za-z0-9+/]+=*\n$/);
  const text = await command(["decrypt", "--base64"], { input: base64.stdout });
  expect(text.stdout.toString()).toBe("in base64");

  const json = await command([...encrypt, "--json"], { input: "in JSON" });
  const { ciphertextBlob, keyId } = JSON.parse(json.stdout.toString()) as {
    ciphertextBlob: string;
    keyId: string;
  };
  expect(keyId).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\//);
  const answer = await command(["decrypt", "--json", "--base64"], { input: ciphertextBlob });
  expect(JSON.parse(answer.stdout.toString())).toEqual({
    keyId,
    plaintext: Buffer.from("in JSON").toString("base64"),
  });
});

test("ciphertext from before a rotation still decrypts", async () => {
  const { stdout } = await command(encrypt, { input: "old" });
  await command(["keys", "rotate", "alias/app"]);
  expect((await command(["decrypt"], { input: stdout })).stdout.toString()).toBe("old");
});

test("a payload of more than 4,096 bytes is refused with the way to go, without being read to its end", async () => {
  const refused = await command(encrypt, { input: randomBytes(4097) });
  expect(refused).toMatchObject({ code: 1, stdout: Buffer.alloc(0) });
  expect(refused.stderr).toContain("envelope encryption");
  expect(await command([...encrypt, "-i", "/dev/zero"])).toMatchObject({ code: 1 });
  expect(await command(["decrypt", "-i", "/dev/zero"])).toMatchObject({ code: 1 });
});

test("what the KMS refuses ends with 1, its error name, and no output", async () => {
  const { stdout } = await command([...encrypt, "--context", "a=b"], { input: "secret" });
  const flipped = Buffer.from(stdout);
  flipped[stdout.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
  for (const [args, input] of [
    [["decrypt"], stdout],
    [["decrypt", "--context", "a=c"], stdout],
    [["decrypt", "--context", "a=b"], flipped],
    [["decrypt", "--context", "a=b"], stdout.subarray(1)],
  ] as const) {
    expect(await command(args, { input })).toEqual({
      code: 1,
      stdout: Buffer.alloc(0),
      stderr: "kmslite: InvalidCiphertextException\n",
    });
  }
  const missing = await command(["encrypt", "-k", "alias/none", "--json"], { input: "x" });
  expect(missing.code).toBe(1);
  expect(JSON.parse(missing.stderr)).toMatchObject({ error: "NotFoundException" });
  expect(await command(encrypt, { input: "" })).toMatchObject({ code: 1 });
});

test.each([
  ["an unknown command", ["destroy"]],
  ["an unknown option", ["keys", "list", "--all"]],
  ["no key", ["encrypt"]],
  ["a context without a value", [...encrypt, "--context", "a"]],
  ["a context given twice", [...encrypt, "--context", "a=b", "--context", "a=c"]],
  ["an account that is none", ["keys", "list", "--account", "12"]],
  ["a Region that is none", ["keys", "list", "--region", "here"]],
  ["a waiting time of 6 days", ["keys", "schedule-deletion", "alias/app", "--days", "6"]],
  ["base64 that is none", ["decrypt", "--base64"]],
])("%s ends with 2", async (_what, args) => {
  expect(await command(args, { input: "*" })).toMatchObject({ code: 2, stdout: Buffer.alloc(0) });
});

test("a file that is not there ends with 5", async () => {
  expect(await command([...encrypt, "-i", join(data, "none")])).toMatchObject({ code: 5 });
  expect(await command([...encrypt, "-o", join(data, "none", "x")], { input: "x" })).toMatchObject({
    code: 5,
  });
});

test("help teaches, and ends with 0", async () => {
  for (const args of [
    ["--help"],
    ["serve", "--help"],
    ["keys", "--help"],
    ["encrypt", "--help"],
    ["help", "decrypt"],
  ]) {
    const { code, stdout } = await kmslite(args);
    expect([code, stdout.toString().includes("Examples:")]).toEqual([0, true]);
  }
  expect((await kmslite(["--help"])).stdout.toString()).toContain("Exit codes:");
  expect((await kmslite(["--version"])).stdout.toString()).toMatch(/^\d+\.\d+\.\d+\n$/);
});
