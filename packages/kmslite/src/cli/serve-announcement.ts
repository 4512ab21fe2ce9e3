/** What a server says when it is ready. */
import type { Kms } from "../kms.ts";
import type { Credentials } from "../node/access-key-file.ts";
import type { DataDirectory } from "../node/data-directory.ts";
import { commandsToCopy } from "./commands-to-copy.ts";
import { lines } from "./output.ts";

export interface Announcement {
  readonly json: boolean;
  readonly endpoint: string;
  readonly kms: Kms;
  readonly directory: DataDirectory;
  /** Whether the store was made just now. */
  readonly created: boolean;
  readonly rootKeyFile: string | undefined;
  /** Where the root key came from if there is no such file. */
  readonly rootKeySource: string;
  readonly credentials: Credentials;
  /** Whether the access key is the operator's; a secret that is known already is not repeated. */
  readonly configured: boolean;
  readonly notice: string | undefined;
}

/** Says it on stdout: for programs one line of JSON, for people how to go on. */
export function announce(announcement: Announcement): void {
  process.stdout.write(
    announcement.json ? `${JSON.stringify(valuesOf(announcement))}\n` : textOf(announcement),
  );
}

function valuesOf({
  endpoint,
  kms,
  directory,
  created,
  rootKeyFile,
  credentials,
  configured,
}: Announcement): object {
  return {
    endpoint,
    region: kms.region,
    regions: kms.regions,
    accountId: kms.account,
    accessKeyId: credentials.accessKeyId,
    ...(configured ? {} : { secretAccessKey: credentials.secretAccessKey }),
    dataFolder: directory.path,
    rootKeyFile,
    created,
    pid: process.pid,
  };
}

function textOf(announcement: Announcement): string {
  const { endpoint, kms, directory, created, rootKeyFile, rootKeySource, credentials, configured, notice } =
    announcement;
  const shown: Credentials = configured ? { ...credentials, secretAccessKey: "…" } : credentials;
  const commands = commandsToCopy(endpoint, kms.region, shown);
  const paragraphs = [
    ...(notice === undefined ? [] : [notice]),
    `KMSLite listens on ${endpoint}`,
    lines({
      "Access key id": shown.accessKeyId,
      "Secret access key": configured ? "as configured" : shown.secretAccessKey,
      Region: kms.regions.join(", "),
      Account: kms.account,
      "Data folder": directory.path,
      "Root key file": rootKeyFile ?? `none: the root key came from ${rootKeySource}`,
    }),
    ...(created && rootKeyFile !== undefined
      ? [
          `This is the first start: the root key was made. Back up ${rootKeyFile}; nothing can be opened without it.`,
        ]
      : []),
    ...commands.map(({ title, command }) => `${title}:\n  ${command}`),
    "Ctrl-C stops the server.",
  ];
  return `${paragraphs.join("\n\n")}\n\n`;
}
