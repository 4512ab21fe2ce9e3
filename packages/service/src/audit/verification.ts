/**
 * Verifies an exported log with nothing but a checkpoint and the public key that signed it: an entry of the package, for those who
 * have no store.
 */
import { verifyEd25519 } from "./ed25519.ts";
import { Frontier } from "./frontier.ts";
import { leafHash } from "./merkle.ts";
import { type Checkpoint, openCheckpoint } from "./signed-note.ts";

export { type Checkpoint, CheckpointError } from "./signed-note.ts";

/** What was found. The log is what the checkpoint says exactly if `problem` is absent. */
export interface Verification {
  readonly checkpoint: Checkpoint;
  /** How many entries there are. */
  readonly entries: number;
  readonly problem?: string;
}

/**
 * Whether the lines of a log are those that a checkpoint vouches for: not one edited, missing, added or out of place.
 *
 * @param lines      the log as it was exported, line by line without the line feeds
 * @param checkpoint a signed note
 * @param publicKey  the log's verifier key
 * @param later      whether entries may follow that came after the checkpoint, for which it can't vouch
 * @throws {CheckpointError} if the checkpoint is not signed by the key
 */
export async function verifyLog(
  lines: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  {
    checkpoint: note,
    publicKey,
    later = false,
  }: {
    readonly checkpoint: string;
    readonly publicKey: string;
    readonly later?: boolean;
  },
): Promise<Verification> {
  const checkpoint = await openCheckpoint(note, publicKey, verifyEd25519);
  const frontier = new Frontier();
  let entries = 0;
  for await (const line of lines) {
    entries++;
    if (entries <= checkpoint.size) frontier.append(leafHash(line));
  }
  const problem = problemOf(checkpoint, frontier, later ? checkpoint.size : entries);
  return { checkpoint, entries, ...(problem === undefined ? {} : { problem }) };
}

function problemOf({ size, root }: Checkpoint, frontier: Frontier, entries: number): string | undefined {
  if (frontier.size < size) return `${size - frontier.size} of ${size} entries are missing`;
  if (entries > size) return `${entries - size} entries follow the last one that the checkpoint vouches for`;
  const actual = frontier.root();
  const same = actual.every((byte, index) => byte === root[index]);
  return same
    ? undefined
    : "entries were edited, exchanged, added or removed: the root is not the checkpoint's";
}
