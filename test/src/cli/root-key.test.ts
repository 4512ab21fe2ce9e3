import {
  chmodSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kmslite, serve, temporaryFolder } from "./kmslite.ts";

/** A folder with a KMS in it. */
async function made(...args: string[]): Promise<string> {
  const data = join(temporaryFolder(), "data");
  expect(await kmslite(["init", "--data", data, ...args])).toMatchObject({ code: 0 });
  return data;
}

/** Every command must stop here, with this message, and leave the folder as it is. */
async function stops(data: string, message: string, env: Record<string, string> = {}): Promise<void> {
  const before = readdirSync(data).sort();
  for (const command of [["serve", "--port", "0"], ["init"], ["keys", "list"]]) {
    const { code, stderr, stdout } = await kmslite([...command, "--data", data], { env });
    expect([code, stdout.toString()]).toEqual([3, ""]);
    expect(stderr).toContain(message);
  }
  expect(readdirSync(data).sort()).toEqual(before);
}

test("a store that another root key made is not opened", async () => {
  const [mine, other] = [await made(), await made()];
  copyFileSync(join(other, "root.key"), join(mine, "root.key"));
  await stops(mine, "the root key does not open the store");
});

test("a store without its root key file is not given a new one", async () => {
  const data = await made();
  renameSync(join(data, "root.key"), join(data, "elsewhere"));
  await stops(data, `root key file ${join(data, "root.key")} is missing`);
});

test("a root key file without its store is not given a new one", async () => {
  const data = await made();
  rmSync(join(data, "kms.sqlite"));
  await stops(data, `the store ${join(data, "kms.sqlite")} is missing or empty`);
});

test("an emptied store is not begun anew", async () => {
  const data = await made();
  for (const name of readdirSync(data)) if (name.startsWith("kms.sqlite-")) rmSync(join(data, name));
  truncateSync(join(data, "kms.sqlite"));
  await stops(data, `the store ${join(data, "kms.sqlite")} is missing or empty`);
});

test("a root key file or an access key file that others can read is refused", async () => {
  const data = await made();
  chmodSync(join(data, "root.key"), 0o640);
  await stops(data, "others have access to it (mode 0640)");
  chmodSync(join(data, "root.key"), 0o600);
  chmodSync(join(data, "credentials.json"), 0o604);
  const { code, stderr } = await kmslite(["serve", "--port", "0", "--data", data]);
  expect([code, stderr.includes("others have access")]).toEqual([3, true]);
});

test("a damaged root key file is refused, and its text is not repeated", async () => {
  const data = await made();
  const text = readFileSync(join(data, "root.key"), "utf8");
  const secret = /[0-9a-f]{64}/.exec(text)?.[0] ?? "";
  expect(secret).toHaveLength(64);
  writeFileSync(join(data, "root.key"), text.replace(secret, secret.slice(1)));
  await stops(data, "is not a root key file of version 1, or it is damaged");
  const { stderr } = await kmslite(["keys", "list", "--data", data]);
  expect(stderr).not.toContain(secret.slice(1, 20));
});

test("the root key may come from the environment, in hex or base64", async () => {
  const secret = Buffer.alloc(32, 7);
  const data = join(temporaryFolder(), "data");
  const env = { KMSLITE_ROOT_KEY: secret.toString("hex") };
  expect(await kmslite(["init", "--data", data], { env })).toMatchObject({ code: 0 });
  expect(readdirSync(data)).not.toContain("root.key");
  const inBase64 = { KMSLITE_ROOT_KEY: secret.toString("base64") };
  expect(await kmslite(["keys", "list", "--data", data], { env: inBase64 })).toMatchObject({ code: 0 });
  await stops(data, "the root key does not open the store", { KMSLITE_ROOT_KEY: "ab".repeat(32) });
  await stops(data, "KMSLITE_ROOT_KEY must be 32 bytes", { KMSLITE_ROOT_KEY: "abc" });
  await stops(data, "root key file");
});

test("a root key in the environment beside a root key file is refused", async () => {
  await stops(await made(), "use one of them", { KMSLITE_ROOT_KEY: "ab".repeat(32) });
});

test("the root key file may be outside of the data folder", async () => {
  const rootKeyFile = join(temporaryFolder(), "root.key");
  const data = await made("--root-key-file", rootKeyFile);
  expect(readdirSync(data)).not.toContain("root.key");
  expect(await kmslite(["keys", "list", "--data", data, "--root-key-file", rootKeyFile])).toMatchObject({
    code: 0,
  });
  await stops(data, "is missing");
});

test("a passphrase protects the root key file", async () => {
  const folder = temporaryFolder();
  const passphraseFile = join(folder, "passphrase");
  writeFileSync(passphraseFile, "correct horse\n");
  const data = await made("--passphrase-file", passphraseFile);
  expect(readFileSync(join(data, "root.key"), "utf8")).toContain("scrypt");
  const env = { KMSLITE_PASSPHRASE: "correct horse" };
  const server = await serve(["--data", data, "--port", "0", "--json"], { env });
  expect((await server.stop()).code).toBe(0);
  await stops(data, "protected by a passphrase, and none was given");
  await stops(data, "the passphrase does not open", { KMSLITE_PASSPHRASE: "wrong horse" });
});

test("a passphrase for a file that has none is refused", async () => {
  await stops(await made(), "is not protected by one", { KMSLITE_PASSPHRASE: "correct horse" });
});

test("without a terminal, init --passphrase says how else to give one", async () => {
  const { code, stderr } = await kmslite(["init", "--passphrase", "--data", join(temporaryFolder(), "data")]);
  expect([code, stderr.includes("--passphrase-file")]).toEqual([2, true]);
});
