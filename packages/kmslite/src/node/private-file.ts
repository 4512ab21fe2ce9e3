/**
 * Small files with secrets: made once, whole and durable, readable by their owner alone.
 */
import { constants } from "node:fs";
import { link, mkdir, open, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { SetupError } from "./setup-error.ts";

const GROUP_AND_OTHERS = 0o077;

/** Makes a folder for its owner alone, with those above it. One that exists is left as it is. */
export async function makePrivateDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  // A folder's name is in the folder above: without this a crash could take the folder along with what was synced in it.
  if (first !== undefined) await syncDirectory(dirname(first));
}

/**
 * Makes a file with mode 0600 unless there is one, and has it on the disk before it returns.
 *
 * The text is written under another name first and linked into place, so that a file of this name is always whole, and
 * of two processes that make it at once one succeeds and neither overwrites.
 *
 * @returns whether it was made; `false` if there was one already
 */
export async function createPrivateFile(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${process.pid}-${crypto.randomUUID().slice(0, 8)}.tmp`;
  const file = await open(temporary, "wx", 0o600);
  try {
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(temporary);
    await syncDirectory(dirname(path));
  }
}

/**
 * The text of a file, or `undefined` if there is none.
 *
 * @throws {SetupError} `ExposedFile` if others can read or write it
 */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, "r");
    try {
      const { mode } = await file.stat();
      // Windows has no such mode bits: there, the folder's access list is what protects the file.
      if (process.platform !== "win32" && (mode & GROUP_AND_OTHERS) !== 0) {
        throw new SetupError(
          "ExposedFile",
          `${path} holds secrets, and others have access to it (mode ${octal(mode)}). ` +
            `If nobody can have copied it: chmod 600 ${path}`,
        );
      }
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether there is anything at `path`. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Removes a file; one that is gone already is fine. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** The operating system's name of an error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

async function syncDirectory(path: string): Promise<void> {
  // Windows can't open a folder for syncing; NTFS journals names by itself.
  if (process.platform === "win32") return;
  const directory = await open(path, constants.O_RDONLY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function octal(mode: number): string {
  return `0${(mode & 0o777).toString(8)}`;
}
