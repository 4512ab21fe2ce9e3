/** `kmslite audit verify`: an exported log against a checkpoint, with nothing but the public key. */
import { createReadStream } from "node:fs";
import { CheckpointError, verifyLog } from "@kmslite/service/audit";
import { Command } from "commander";
import { codeOf } from "../node/private-file.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { readNamedFile } from "./options.ts";
import { print } from "./output.ts";

interface VerifyOptions {
  readonly publicKey: string;
  readonly checkpoint: string;
  readonly later?: boolean;
  readonly json?: boolean;
}

export function verifyAuditCommand(): Command {
  return new Command("verify")
    .description("check an exported log against a checkpoint; needs no store and no secret")
    .argument("[file]", "the exported log; stdin unless given")
    .requiredOption("--public-key <key>", "what `kmslite audit key` prints")
    .requiredOption("--checkpoint <file>", "what `kmslite audit checkpoint` prints")
    .option("--later", "events may follow that are younger than the checkpoint; nothing vouches for them")
    .option("--json", "print JSON for programs")
    .action(verify);
}

async function verify(file: string | undefined, options: VerifyOptions): Promise<void> {
  const { publicKey, later = false, json } = options;
  const checkpoint = await readNamedFile(options.checkpoint);
  try {
    const input = file === undefined ? process.stdin : createReadStream(file);
    const {
      checkpoint: { size, origin },
      entries,
      problem,
    } = await verifyLog(linesOf(input), {
      checkpoint,
      publicKey,
      later,
    });
    if (problem !== undefined) throw new CommandError(EXIT.refused, `the log was tampered with: ${problem}`);
    const unvouched = entries - size;
    const rest = unvouched === 0 ? "" : `; ${unvouched} later ones are not vouched for`;
    print(json, { origin, size, entries }, `${size} events of ${origin} are as the checkpoint says${rest}.`);
  } catch (error) {
    if (error instanceof CheckpointError)
      throw new CommandError(EXIT.refused, error.message, { cause: error });
    if (codeOf(error) !== undefined)
      throw new CommandError(EXIT.file, `can't read ${file ?? "stdin"}: ${(error as Error).message}`, {
        cause: error,
      });
    throw error;
  }
}

const LINE_FEED = 0x0a;

/** Lines as bytes, since it is bytes that are hashed. What follows the last line feed is a line that was cut short. */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let rest = Buffer.alloc(0);
  for await (const chunk of input) {
    rest = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED, start)) {
      yield rest.subarray(start, end);
      start = end + 1;
    }
    rest = rest.subarray(start);
  }
  if (rest.length > 0)
    throw new CommandError(EXIT.refused, "the log was tampered with: its last line is cut short");
}
