/** The commands of docs/guides/permissions.md are run as they stand. */
import { execFile } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { AWS_CLI, hasAwsCli } from "../../clients/aws-cli.ts";
import { foreignEnvironment } from "../../clients/environment.ts";
import { serve, temporaryFolder } from "./kmslite.ts";

const guide = readFileSync(join(import.meta.dirname, "../../../docs/guides/permissions.md"), "utf8");
const [first = "", second = "", withAws = ""] = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(
  ([, code = ""]) => code,
);
const script = join(
  dirname(createRequire(import.meta.url).resolve("kmslite/package.json")),
  "bin",
  "kmslite.js",
);

/** Runs commands in a folder in which `kmslite`, and `aws` if it is there, are on the PATH. */
async function shell(cwd: string, commands: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  for (const [name, command] of [
    ["kmslite", `"${process.execPath}" "${script}"`],
    ["aws", AWS_CLI],
  ] as const) {
    writeFileSync(join(cwd, name), `#!/bin/sh\nexec ${command} "$@"\n`);
    chmodSync(join(cwd, name), 0o700);
  }
  const { stdout } = await promisify(execFile)("/bin/sh", ["-ec", commands], {
    cwd,
    env: { ...env, PATH: `${cwd}:${process.env["PATH"]}` },
  });
  return stdout;
}

test(`a newcomer sets up two accounts, a user and a role${hasAwsCli ? "" : " (AWS CLI skipped: not installed)"}`, async () => {
  const cwd = temporaryFolder();
  const listed = await shell(cwd, first + second);
  expect(listed).toContain("111122223333");
  expect(listed).toContain("444455556666");
  if (!hasAwsCli) return;
  const { AccessKeyId, SecretAccessKey } = JSON.parse(readFileSync(join(cwd, "alice.json"), "utf8"));
  const server = await serve(["--port", "0", "--json", "--account", "111122223333"], { cwd });
  const { endpoint: url } = server.started();
  const key = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  const env = foreignEnvironment({ url, region: "us-east-1", ...key });
  const answers = await shell(cwd, withAws.replaceAll("http://127.0.0.1:4599", url), env);
  expect(answers).toContain('"Arn": "arn:aws:iam::111122223333:user/alice"');
  expect(answers).toContain('"Arn": "arn:aws:sts::444455556666:assumed-role/auditor/alice"');
});
