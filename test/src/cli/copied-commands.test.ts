import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { run, serve, temporaryFolder } from "./kmslite.ts";

/** The commands that the server prints are run as they are printed, each by a shell. */
const clients = [
  { title: "With the AWS CLI", needs: "aws", arguments: ["--version"], expected: /"KeyState": "Enabled"/ },
  { title: "With the AWS SDK", needs: "node", arguments: ["--version"], expected: /KeyState: 'Enabled'/ },
  // curl signs since 7.75; before 7.86 it left headers out of the signature.
  { title: "With curl", needs: "curl", arguments: ["--version"], expected: /^\{"Keys":\[.*\}$/ },
];

/** A folder where @aws-sdk/client-kms is installed. */
const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

test("the printed commands are three", async () => {
  const server = await serve(["--port", "0", "--data", join(temporaryFolder(), "data")]);
  expect(commandsOf(server.announced)).toHaveLength(3);
  await server.stop();
});

for (const { title, needs, arguments: args, expected } of clients) {
  const installed = spawnSync(needs, args).status === 0;
  test.skipIf(!installed)(`the command "${title}" works as it is printed (needs ${needs})`, async () => {
    const server = await serve(["--port", "0", "--data", join(temporaryFolder(), "data")]);
    const command =
      commandsOf(server.announced).find((printed) => printed.title.startsWith(title))?.command ?? "";
    const { code, stdout, stderr } = await run("sh", ["-c", command], { cwd: folder });
    expect(stderr).toBe("");
    expect([code, stdout.toString()]).toEqual([0, expect.stringMatching(expected)]);
    await server.stop();
  });
}

function commandsOf(announced: string): { readonly title: string; readonly command: string }[] {
  return [...announced.matchAll(/^(With .*):\n {2}(.*)$/gm)].map(([, title = "", command = ""]) => ({
    title,
    command,
  }));
}
