/**
 * A KMS of this machine: root key file in a folder, store in the same folder (SQLite) or in a database, and no way to mistake a lost
 * file for a first start.
 */
import { resolve } from "node:path";
import { HierarchyError, type RootKey } from "@kmslite/hierarchy";
import { StoreError } from "@kmslite/store";
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
import { databasePlace, filePlace, isEmpty, type StorePlace } from "./store-place.ts";

export interface OpenKmsOptions extends Omit<KmsOptions, "root" | "store"> {
  /** The folder; made, with mode 0700, if there is none and something is to be kept in it. */
  readonly directory: string;
  /**
   * The URL of a database that holds the store, instead of a file in the folder: `postgresql://…` or `dynamodb://…`. Any number of
   * processes may open it. Its driver (`pg`, `@aws-sdk/client-dynamodb`) must be installed.
   */
  readonly store?: string;
  /** Makes root key and store if there is neither (the default), and migrates a database's tables; with `false` that is an error. */
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
  /** The store's file, or its URL without password. */
  readonly storeName: string;
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
  const { directory: path, rootKeyFile, store: url, create = true, ...rest } = options;
  const directory = dataDirectory(
    resolve(path),
    rootKeyFile === undefined ? undefined : resolve(rootKeyFile),
  );
  let place: StorePlace | undefined;
  try {
    place = url === undefined ? filePlace(directory.storeFile) : await databasePlace(url, create);
    return await openPlace(place, directory, { ...rest, create });
  } catch (error) {
    await place?.close();
    throw asSetupError(error, place?.name ?? "");
  }
}

async function openPlace(
  place: StorePlace,
  directory: DataDirectory,
  options: Omit<OpenKmsOptions, "directory" | "rootKeyFile" | "store"> & { readonly create: boolean },
): Promise<OpenedKms> {
  const { create, root, passphrase, ...rest } = options;
  const contents = await contentsOf(directory, () => place.exists());
  assertWhole(place, directory, contents, { create, rootGiven: root !== undefined });
  const isNew = contents.begun || !contents.store;
  // A root key that was given and a store elsewhere leave nothing to be lost from the folder.
  const marked = isNew && !(place.elsewhere && root !== undefined);
  if (marked) {
    await makePrivateDirectory(directory.path);
    await begin(directory);
  }
  const rootKey = root ?? (await rootKeyOf(directory, isNew && !contents.store, passphrase));
  try {
    const store = place.open();
    // The file is there, and what was in it is not.
    if (!isNew && (await isEmpty(store))) throw storeMissing(place, directory);
    const kms: Kms = await createKms({ ...rest, root: rootKey, store });
    if (marked) await finish(directory);
    return {
      kms,
      directory,
      storeName: place.name,
      created: isNew,
      rootKeyFile: root === undefined ? directory.rootKeyFile : undefined,
    };
  } catch (error) {
    if (root === undefined) rootKey.close?.();
    throw error;
  }
}

/** Refuses a folder of which a part was lost. */
function assertWhole(
  place: StorePlace,
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
    const remedy = place.elsewhere
      ? "copy it here from where the store was made, or give the root key"
      : "restore it from your backup";
    throw new SetupError(
      "RootKeyMissing",
      `the store ${place.name} exists, but its root key file ${directory.rootKeyFile} is missing. ` +
        `Without it the store can't be opened: ${remedy}`,
    );
  }
  if (rootKey && !store) throw storeMissing(place, directory);
  if (!store && !create) {
    const where = place.elsewhere ? place.name : directory.path;
    throw new SetupError("NotInitialized", `there is no KMS in ${where}; "kmslite init" makes one`);
  }
}

async function rootKeyOf(
  directory: DataDirectory,
  make: boolean,
  passphrase: string | AskPassphrase | undefined,
): Promise<RootKey> {
  const path = directory.rootKeyFile;
  const ask: AskPassphrase = async () => (typeof passphrase === "function" ? passphrase() : passphrase);
  let text = await readPrivateFile(path);
  if (text === undefined && make) {
    await createPrivateFile(
      path,
      await newRootKeyFile(typeof passphrase === "string" ? passphrase : undefined),
    );
    text = await readPrivateFile(path);
  }
  if (text === undefined) throw new SetupError("RootKeyMissing", `the root key file ${path} is missing`);
  return openRootKeyFile(text, path, { ask, given: typeof passphrase === "string" });
}

function storeMissing(place: StorePlace, directory: DataDirectory): SetupError {
  return new SetupError(
    "StoreMissing",
    `there is a root key for it, but the store ${place.name} is missing or empty. Restore the store from your ` +
      `backup; to begin anew with new keys, move ${directory.rootKeyFile} and what is left of the store away`,
  );
}

function asSetupError(error: unknown, store: string): unknown {
  if (error instanceof HierarchyError && error.code === "WrongRootKey") {
    return new SetupError("WrongRootKey", `the root key does not open the store ${store}: ${error.message}`, {
      cause: error,
    });
  }
  if (error instanceof SetupError) return error;
  if (error instanceof StoreError || codeOf(error) !== undefined) {
    return new SetupError("Inaccessible", (error as Error).message, { cause: error });
  }
  return error;
}
