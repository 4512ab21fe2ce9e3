/**
 * Small files with secrets: made once, whole and durable, readable by their owner alone.
 *
 * Read and written at once, and through `getBuiltinModule`: importing `node:fs` as a module asks for everything that it exports,
 * and so loads all of Node's streams and its terminal, which took a quarter of a cold start.
 */
import { dirname } from "node:path";
import { SetupError } from "./setup-error.ts";

const fs = process.getBuiltinModule("node:fs");

const GROUP_AND_OTHERS = 0o077;

/** Makes a folder for its owner alone, with those above it. One that exists is left as it is. */
export async function makePrivateDirectory(path: string): Promise<void> {
  const first = fs.mkdirSync(path, { recursive: true, mode: 0o700 });
  // A folder's name is in the folder above: without this a crash could take the folder along with what was synced in it.
  if (first !== undefined) syncDirectory(dirname(first));
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
  const file = fs.openSync(temporary, "wx", 0o600);
  try {
    try {
      fs.writeFileSync(file, text);
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.linkSync(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    fs.unlinkSync(temporary);
    syncDirectory(dirname(path));
  }
}

/**
 * The text of a file, or `undefined` if there is none.
 *
 * @throws {SetupError} `ExposedFile` if others can read or write it
 */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  try {
    const file = fs.openSync(path, "r");
    try {
      const { mode } = fs.fstatSync(file);
      // Windows has no such mode bits: there, the folder's access list is what protects the file.
      if (process.platform !== "win32" && (mode & GROUP_AND_OTHERS) !== 0) {
        throw new SetupError(
          "ExposedFile",
          `${path} holds secrets, and others have access to it (mode ${octal(mode)}). ` +
            `If nobody can have copied it: chmod 600 ${path}`,
        );
      }
      return fs.readFileSync(file, "utf8");
    } finally {
      fs.closeSync(file);
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether there is anything at `path`. */
export async function exists(path: string): Promise<boolean> {
  try {
    fs.statSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Removes a file; one that is gone already is fine. */
export async function removeFile(path: string): Promise<void> {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** The operating system's name of an error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

function syncDirectory(path: string): void {
  // Windows can't open a folder for syncing; NTFS journals names by itself.
  if (process.platform === "win32") return;
  const directory = fs.openSync(path, fs.constants.O_RDONLY);
  try {
    fs.fsyncSync(directory);
  } finally {
    fs.closeSync(directory);
  }
}

function octal(mode: number): string {
  return `0${(mode & 0o777).toString(8)}`;
}
