import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kmslite, serve, temporaryFolder } from "./kmslite.ts";

const modeOf = (path: string) => statSync(path).mode & 0o777;

test("the first start makes its files for their owner alone, and says where the root key is", async () => {
  const folder = temporaryFolder();
  const data = join(folder, "deep", "data");
  const server = await serve(["--port", "0", "--data", data]);
  expect(server.announced).toContain(join(data, "root.key"));
  expect(server.announced).toContain("first start");
  await server.stop();
  expect(modeOf(data)).toBe(0o700);
  for (const name of ["root.key", "kms.sqlite", "credentials.json"])
    expect(modeOf(join(data, name))).toBe(0o600);
});

test("the second start keeps root key and access key, and makes no ado", async () => {
  const data = join(temporaryFolder(), "data");
  const first = await serve(["--port", "0", "--data", data, "--json"]);
  await first.stop();
  const rootKey = readFileSync(join(data, "root.key"));
  const second = await serve(["--port", "0", "--data", data, "--json"]);
  expect(second.started()).toMatchObject({
    created: false,
    accessKeyId: first.started().accessKeyId,
    secretAccessKey: first.started().secretAccessKey,
  });
  expect(first.started().created).toBe(true);
  await second.stop();
  expect(readFileSync(join(data, "root.key"))).toEqual(rootKey);
});

test("init overwrites nothing", async () => {
  const data = join(temporaryFolder(), "data");
  const [first, second] = [
    await kmslite(["init", "--data", data]),
    await kmslite(["init", "--data", data, "--json"]),
  ];
  expect([first.code, second.code]).toEqual([0, 0]);
  expect(first.stdout.toString()).toContain(join(data, "root.key"));
  expect(JSON.parse(second.stdout.toString())).toMatchObject({
    created: false,
    rootKeyFile: join(data, "root.key"),
  });
});

test("a start that was interrupted is taken up again", async () => {
  const half = join(temporaryFolder(), "half");
  await kmslite(["init", "--data", half]);
  // As a crash leaves it that came after the root key file and before the store.
  rmSync(join(half, "kms.sqlite"));
  writeFileSync(join(half, "being-initialized"), "", { mode: 0o600 });
  const rootKey = readFileSync(join(half, "root.key"));
  expect((await kmslite(["init", "--data", half])).code).toBe(0);
  expect(readFileSync(join(half, "root.key"))).toEqual(rootKey);
  expect((await kmslite(["keys", "list", "--data", half])).code).toBe(0);
});

test("keys, encrypt and decrypt make no KMS where there is none", async () => {
  const data = join(temporaryFolder(), "data");
  for (const command of [["keys", "list"], ["encrypt", "-k", "alias/a"], ["decrypt"]]) {
    const { code, stderr } = await kmslite([...command, "--data", data], { input: "x" });
    expect([code, stderr]).toEqual([3, `kmslite: there is no KMS in ${data}; "kmslite init" makes one\n`]);
  }
  expect(() => statSync(data)).toThrow("ENOENT");
});

test("processes that start at once on one new folder agree on one root key and one access key", async () => {
  const data = join(temporaryFolder(), "data");
  const starts = await Promise.all([1, 2, 3, 4, 5, 6].map(() => kmslite(["init", "--data", data, "--json"])));
  expect(starts.map(({ code, stderr }) => [code, stderr])).toEqual(starts.map(() => [0, ""]));
  const ids = starts.map(
    ({ stdout }) => (JSON.parse(stdout.toString()) as { accessKeyId: string }).accessKeyId,
  );
  expect(new Set(ids).size).toBe(1);
  const created = await Promise.all(
    ["a", "b", "c"].map((name) => kmslite(["keys", "create", "--alias", `alias/${name}`, "--data", data])),
  );
  expect(created.map(({ code }) => code)).toEqual([0, 0, 0]);
  const { stdout } = await kmslite(["keys", "list", "--data", data, "--json"]);
  expect((JSON.parse(stdout.toString()) as { keys: unknown[] }).keys).toHaveLength(3);
});
