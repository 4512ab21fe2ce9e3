/**
 * A KMS in a folder of this machine: SQLite store, root key file, and no way to mistake a lost file for a first start.
 */
import { resolve } from "node:path";
import { HierarchyError, type RootKey } from "@kmslite/hierarchy";
import { type Store, StoreError } from "@kmslite/store";
import { sqliteStore } from "@kmslite/store/sqlite";
import { createKms, type Kms, type KmsOptions } from "../kms.ts";
import {
  begin,
  type Contents,
  contentsOf,
  type DataDirectory,
  dataDirectory,
  finish,
} from "./data-directory.ts";
import { codeOf, createPrivateFile, makePrivateDirectory, readPrivateFile } from "./private-file.ts";
import { type AskPassphrase, newRootKeyFile, openRootKeyFile } from "./root-key-file.ts";
import { SetupError } from "./setup-error.ts";

export interface OpenKmsOptions extends Omit<KmsOptions, "root" | "store"> {
  /** The folder; made, with mode 0700, if there is none. */
  readonly directory: string;
  /** Makes root key and store if there is neither (the default); with `false` that is an error. */
  readonly create?: boolean;
  /** The root key, if it does not come from a file. The folder then has no root key file. */
  readonly root?: RootKey;
  /** Where the root key file is, if not in the folder: whoever gets hold of the folder then has no keys. */
  readonly rootKeyFile?: string;
  /**
   * A text protects a new root key file, and opens one that is protected. A function is asked only when a file needs it;
   * a new file is then not protected.
   */
  readonly passphrase?: string | AskPassphrase;
}

/** An open KMS, and how it came to be. */
export interface OpenedKms {
  readonly kms: Kms;
  readonly directory: DataDirectory;
  /** Whether the store was made just now. */
  readonly created: boolean;
  /** The root key file, unless the root key was given. */
  readonly rootKeyFile: string | undefined;
}

/**
 * Opens the KMS of a folder.
 *
 * @throws {SetupError} if something is missing, does not go together, or is readable by others; nothing is made then
 */
export async function openKms(options: OpenKmsOptions): Promise<OpenedKms> {
  const { directory: path, create = true, root, rootKeyFile, passphrase, ...rest } = options;
  const directory = dataDirectory(
    resolve(path),
    rootKeyFile === undefined ? undefined : resolve(rootKeyFile),
  );
  try {
    const contents = await contentsOf(directory);
    assertWhole(directory, contents, { create, rootGiven: root !== undefined });
    const isNew = contents.begun || !contents.store;
    if (isNew) {
      await makePrivateDirectory(directory.path);
      await begin(directory);
    }
    const rootKey = root ?? (await rootKeyOf(directory, isNew, passphrase));
    try {
      const kms = await openStore(directory, isNew, rootKey, rest);
      if (isNew) await finish(directory);
      return {
        kms,
        directory,
        created: isNew,
        rootKeyFile: root === undefined ? directory.rootKeyFile : undefined,
      };
    } catch (error) {
      if (root === undefined) rootKey.close?.();
      throw error;
    }
  } catch (error) {
    throw asSetupError(error, directory);
  }
}

/** Refuses a folder of which a part was lost. */
function assertWhole(
  directory: DataDirectory,
  { rootKey, store, begun }: Contents,
  { create, rootGiven }: { readonly create: boolean; readonly rootGiven: boolean },
): void {
  if (rootGiven && rootKey) {
    throw new SetupError(
      "TwoRootKeys",
      `a root key was given, but there is a root key file too, ${directory.rootKeyFile}: use one of them`,
    );
  }
  if (begun) return;
  if (store && !rootKey && !rootGiven) {
    throw new SetupError(
      "RootKeyMissing",
      `the store ${directory.storeFile} exists, but its root key file ${directory.rootKeyFile} is missing. ` +
        "Without it the store can't be opened: restore it from your backup",
    );
  }
  if (rootKey && !store) throw storeMissing(directory);
  if (!store && !create) {
    throw new SetupError("NotInitialized", `there is no KMS in ${directory.path}; "kmslite init" makes one`);
  }
}

async function rootKeyOf(
  directory: DataDirectory,
  isNew: boolean,
  passphrase: string | AskPassphrase | undefined,
): Promise<RootKey> {
  const path = directory.rootKeyFile;
  const ask: AskPassphrase = async () => (typeof passphrase === "function" ? passphrase() : passphrase);
  let text = await readPrivateFile(path);
  if (text === undefined && isNew) {
    await createPrivateFile(
      path,
      await newRootKeyFile(typeof passphrase === "string" ? passphrase : undefined),
    );
    text = await readPrivateFile(path);
  }
  if (text === undefined) throw new SetupError("RootKeyMissing", `the root key file ${path} is missing`);
  return openRootKeyFile(text, path, { ask, given: typeof passphrase === "string" });
}

async function openStore(
  directory: DataDirectory,
  isNew: boolean,
  root: RootKey,
  rest: Omit<KmsOptions, "root" | "store">,
): Promise<Kms> {
  const store = sqliteStore({ path: directory.storeFile });
  try {
    if (!isNew && (await isEmpty(store))) throw storeMissing(directory);
    return await createKms({ ...rest, root, store });
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function isEmpty(store: Store): Promise<boolean> {
  return (await store.list({ start: "!", end: "~", limit: 1 })).length === 0;
}

function storeMissing(directory: DataDirectory): SetupError {
  return new SetupError(
    "StoreMissing",
    `there is a root key for it, but the store ${directory.storeFile} is missing or empty. Restore the store from your ` +
      `backup; to begin anew with new keys, move ${directory.rootKeyFile} and what is left of the store away`,
  );
}

function asSetupError(error: unknown, directory: DataDirectory): unknown {
  if (error instanceof HierarchyError && error.code === "WrongRootKey") {
    return new SetupError(
      "WrongRootKey",
      `the root key does not open the store ${directory.storeFile}: ${error.message}`,
      {
        cause: error,
      },
    );
  }
  if (error instanceof StoreError || codeOf(error) !== undefined) {
    return new SetupError("Inaccessible", (error as Error).message, { cause: error });
  }
  return error;
}
