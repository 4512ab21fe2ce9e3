/** Asking for a passphrase at the terminal, without showing it. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { CommandError, EXIT } from "./exit-codes.ts";

/** The answer, or `undefined` if nobody is at a terminal. The question goes to stderr, so that stdout stays clean. */
export async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await new Promise((resolve, reject) => {
      terminal.once("line", resolve);
      terminal.once("SIGINT", () => reject(new CommandError(EXIT.usage, "interrupted")));
      terminal.once("close", () => resolve(undefined));
    });
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}

/** A new passphrase, asked for twice. */
export async function askNewPassphrase(): Promise<string> {
  const first = await ask("New passphrase for the root key file: ");
  if (first === undefined) {
    throw new CommandError(
      EXIT.usage,
      "--passphrase asks at a terminal, and there is none: use --passphrase-file or KMSLITE_PASSPHRASE",
    );
  }
  if (first === "") throw new CommandError(EXIT.usage, "the passphrase is empty");
  if ((await ask("Once more: ")) !== first) throw new CommandError(EXIT.usage, "the two passphrases differ");
  return first;
}
