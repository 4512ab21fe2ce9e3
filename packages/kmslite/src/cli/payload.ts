/** Payloads of `encrypt` and `decrypt`: small byte strings from and to files and pipes. */
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { CommandError, EXIT } from "./exit-codes.ts";

/**
 * Reads a file, or stdin if there is none (or `-`).
 *
 * @param maximum bytes; what is longer is not read to its end
 * @param tooLong what to say then
 */
export async function readPayload(
  file: string | undefined,
  maximum: number,
  tooLong: string,
): Promise<Uint8Array> {
  const fromStdin = file === undefined || file === "-";
  if (fromStdin && process.stdin.isTTY) {
    process.stderr.write("kmslite: reading from the terminal; Ctrl-D ends the input\n");
  }
  const source: Readable = fromStdin ? process.stdin : createReadStream(file);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maximum) break;
    }
  } catch (error) {
    const name = fromStdin ? "stdin" : file;
    throw new CommandError(EXIT.file, `can't read ${name}: ${(error as Error).message}`, { cause: error });
  }
  if (length > maximum) throw new CommandError(EXIT.refused, tooLong);
  return Buffer.concat(chunks);
}

/** Writes a file with mode 0600 if it is new, or to stdout if there is none (or `-`). */
export async function writePayload(file: string | undefined, bytes: Uint8Array | string): Promise<void> {
  if (file === undefined || file === "-") {
    process.stdout.write(bytes);
    return;
  }
  try {
    await writeFile(file, bytes, { mode: 0o600 });
  } catch (error) {
    throw new CommandError(EXIT.file, `can't write ${file}: ${(error as Error).message}`, { cause: error });
  }
}

export function base64Of(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? new Uint8Array(0)).toString("base64");
}
