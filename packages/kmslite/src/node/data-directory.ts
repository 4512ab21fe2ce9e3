/**
 * The data folder, and what its contents say about its past.
 *
 * A root key file and a store belong together for ever, and a KMS that quietly made a new one of either would turn a lost
 * file into lost data. So a folder is begun once: a mark is set, then the root key file and the store are made, then the mark
 * is taken away. A root key file or a store alone, without the mark, means that the other one was lost. The store may also be a
 * database elsewhere; the folder then holds what is secret alone.
 */
import { join } from "node:path";
import { createPrivateFile, exists, removeFile } from "./private-file.ts";

/** Where everything is. */
export interface DataDirectory {
  readonly path: string;
  readonly rootKeyFile: string;
  readonly storeFile: string;
  readonly accessKeyFile: string;
  /** Stands while the folder is being begun. */
  readonly mark: string;
}

/** What there is of a KMS. `begun` and not finished: this or another process was interrupted, or is still at it. */
export interface Contents {
  readonly rootKey: boolean;
  readonly store: boolean;
  readonly begun: boolean;
}

/** @param rootKeyFile elsewhere than in the folder, where it is better kept */
export function dataDirectory(path: string, rootKeyFile?: string): DataDirectory {
  return {
    path,
    rootKeyFile: rootKeyFile ?? join(path, "root.key"),
    storeFile: join(path, "kms.sqlite"),
    accessKeyFile: join(path, "credentials.json"),
    mark: join(path, "being-initialized"),
  };
}

/**
 * Looks at a folder. One that another process begins and finishes between two looks is looked at again.
 *
 * @param hasStore whether the store that belongs to it has been made
 */
export async function contentsOf(
  directory: DataDirectory,
  hasStore: () => Promise<boolean>,
): Promise<Contents> {
  const first = await look(directory, hasStore);
  const wanting = first.rootKey !== first.store && !first.begun;
  return wanting ? look(directory, hasStore) : first;
}

export async function begin(directory: DataDirectory): Promise<void> {
  await createPrivateFile(directory.mark, "The root key file and the store are being made.\n");
}

export async function finish(directory: DataDirectory): Promise<void> {
  await removeFile(directory.mark);
}

async function look(directory: DataDirectory, hasStore: () => Promise<boolean>): Promise<Contents> {
  const begunBefore = await exists(directory.mark);
  const rootKey = await exists(directory.rootKeyFile);
  const store = await hasStore();
  return { rootKey, store, begun: begunBefore || (await exists(directory.mark)) };
}
