/** The guide on denied requests is run as it stands: its commands print what it says they print. */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { run, temporaryFolder } from "./kmslite.ts";

const guide = readFileSync(
  new URL("../../../docs/guides/troubleshooting-access.md", import.meta.url),
  "utf8",
);
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(([, text = ""]) => text);

test("each command of the guide prints what stands below it", async () => {
  const folder = temporaryFolder();
  const kmslite = join(
    dirname(createRequire(import.meta.url).resolve("kmslite/package.json")),
    "bin",
    "kmslite.js",
  );
  const command = join(folder, "kmslite");
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${kmslite}" "$@"\n`);
  chmodSync(command, 0o755);
  const env = { PATH: `${folder}:${process.env["PATH"]}` };
  const [commands, printed] = [blocks("sh"), blocks("text")];
  expect(commands).toHaveLength(2);
  expect(printed).toHaveLength(2);
  for (const [index, script] of commands.entries()) {
    const { code, stdout, stderr } = await run("sh", ["-c", script], { cwd: folder, env });
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(stdout.toString().endsWith(printed[index] ?? "?")).toBe(true);
  }
});
