/** The options that commands share, and how the KMS is opened by them. */

import { readFile } from "node:fs/promises";
import { type RootKey, rootKeyFromText } from "@kmslite/hierarchy";
import { type Command, InvalidArgumentError, Option } from "commander";
import { awsRootKey } from "../node/aws-root-key.ts";
import { type OpenedKms, type OpenKmsOptions, openKms, SetupError } from "../node/index.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { ask } from "./prompt.ts";

/** What {@link withKmsOptions} adds to a command. */
export interface KmsCommandOptions {
  readonly data: string;
  readonly store?: string;
  readonly rootKey?: string;
  readonly rootKeyFile?: string;
  readonly passphraseFile?: string;
  readonly region: string;
  readonly account: string;
  readonly json?: boolean;
}

/** Adds the options by which a command finds its KMS. */
export function withKmsOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--data <folder>", "where store, root key file and access key are")
        .default("./.kmslite")
        .env("KMSLITE_DATA"),
    )
    .addOption(
      new Option(
        "--store <url>",
        "a database instead of a file in the data folder: postgresql://… or dynamodb://TABLE?region=…",
      ).env("KMSLITE_STORE"),
    )
    .addOption(
      new Option(
        "--root-key <kms:key>",
        "ARN, id or alias of a key in AWS KMS, or in another KMSLite, that is the root key",
      ).argParser(kmsRootKeyOf),
    )
    .addOption(
      new Option("--root-key-file <file>", "root key file, if not root.key in the data folder").env(
        "KMSLITE_ROOT_KEY_FILE",
      ),
    )
    .addOption(
      new Option(
        "--passphrase-file <file>",
        "first line: the passphrase of the root key file (or KMSLITE_PASSPHRASE)",
      ),
    )
    .addOption(
      new Option("--region <region>", "AWS Region of the keys")
        .default("us-east-1")
        .env("KMSLITE_REGION")
        .argParser(regionOf),
    )
    .addOption(
      new Option("--account <digits>", "AWS account of the keys")
        .default("000000000000")
        .env("KMSLITE_ACCOUNT")
        .argParser(accountOf),
    )
    .option("--json", "print JSON for programs");
}

/**
 * Opens the KMS that the options name.
 *
 * @param create     whether to make it if there is none
 * @param passphrase instead of the one from file or environment
 * @throws {SetupError}
 */
export async function openByOptions(
  options: KmsCommandOptions,
  {
    create,
    passphrase,
    ...more
  }: { readonly create: boolean; readonly passphrase?: string } & Pick<
    OpenKmsOptions,
    "audit" | "onDueWorkFailure" | "keyCacheMs" | "nitroRoots" | "otherRegions" | "requestQuotas"
  >,
): Promise<OpenedKms> {
  const { data, store, region, account, rootKeyFile, rootKey = process.env["KMSLITE_ROOT_KEY"] } = options;
  const given = passphrase ?? (await givenPassphrase(options));
  const root = rootKey === undefined ? undefined : await rootKeyOf(rootKey);
  try {
    return await openKms({
      directory: data,
      create,
      region,
      account,
      ...more,
      ...(store === undefined ? {} : { store }),
      ...(rootKeyFile === undefined ? {} : { rootKeyFile }),
      ...(root === undefined ? {} : { root }),
      passphrase: given ?? (() => ask("Passphrase of the root key file: ")),
    });
  } catch (error) {
    root?.close?.();
    throw error;
  }
}

/** Where the root key came from that is in no file, for people. */
export function rootKeySource({ rootKey = process.env["KMSLITE_ROOT_KEY"] }: KmsCommandOptions): string {
  return rootKey?.startsWith(KMS_PREFIX) === true ? rootKey : "KMSLITE_ROOT_KEY";
}

const KMS_PREFIX = "kms:";

async function rootKeyOf(text: string): Promise<RootKey> {
  if (text.startsWith(KMS_PREFIX)) return awsRootKey(text.slice(KMS_PREFIX.length));
  try {
    return rootKeyFromText(text);
  } catch (error) {
    throw new SetupError(
      "MalformedFile",
      "KMSLITE_ROOT_KEY must be 32 bytes, as 64 hex digits or 44 characters of base64, or kms: and a key in AWS KMS",
      { cause: error },
    );
  }
}

/** Opens the KMS, uses it, and closes it whatever happens. */
export async function withKms<T>(
  options: KmsCommandOptions,
  use: (kms: OpenedKms["kms"]) => Promise<T>,
): Promise<T> {
  const { kms } = await openByOptions(options, { create: false });
  try {
    return await use(kms);
  } finally {
    await kms.close();
  }
}

/** The passphrase from `--passphrase-file` or `KMSLITE_PASSPHRASE`, if either is there. */
async function givenPassphrase(
  options: Pick<KmsCommandOptions, "passphraseFile">,
): Promise<string | undefined> {
  const { passphraseFile } = options;
  const { KMSLITE_PASSPHRASE } = process.env;
  const passphrase =
    passphraseFile === undefined
      ? KMSLITE_PASSPHRASE
      : (await readNamedFile(passphraseFile)).split(/\r?\n/, 1)[0];
  if (passphrase === "") throw new CommandError(EXIT.usage, "the passphrase is empty");
  return passphrase;
}

/** The text of a file that an option names. */
export async function readNamedFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new CommandError(EXIT.file, `can't read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** For options that may be given more than once: collects `name=value`. */
export function pairs(text: string, former: Readonly<Record<string, string>> = {}): Record<string, string> {
  const separator = text.indexOf("=");
  if (separator < 1) throw new InvalidArgumentError("Expected name=value.");
  const name = text.slice(0, separator);
  if (Object.hasOwn(former, name)) throw new InvalidArgumentError(`${name} was given twice.`);
  return Object.fromEntries([...Object.entries(former), [name, text.slice(separator + 1)]]);
}

/** A whole number of a range. */
export function integer(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= minimum && value <= maximum)) {
      throw new InvalidArgumentError(`Expected a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

/** Arguments show in the list of processes, so a secret has no place among them. */
function kmsRootKeyOf(text: string): string {
  if (!text.startsWith(KMS_PREFIX) || text === KMS_PREFIX)
    throw new InvalidArgumentError("Expected kms:KEY. A secret goes into KMSLITE_ROOT_KEY.");
  return text;
}

/** The name of a Region. */
export function regionOf(text: string): string {
  if (!/^[a-z]{2,}(?:-[a-z]+)+-[0-9]+$/.test(text))
    throw new InvalidArgumentError("Expected one such as us-east-1.");
  return text;
}

function accountOf(text: string): string {
  if (!/^[0-9]{12}$/.test(text)) throw new InvalidArgumentError("Expected 12 digits.");
  return text;
}
