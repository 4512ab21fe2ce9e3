/** `kmslite keys …`: makes, lists and changes KMS keys, on the store of this machine. */
import { Command } from "commander";
import type { Kms } from "../kms.ts";
import { integer, type KmsCommandOptions, pairs, withKms, withKmsOptions } from "./options.ts";
import { lines, print, table } from "./output.ts";

const HELP = `
<key> is a key id, a key ARN, or an alias such as alias/app. The commands work on the store itself, also while a server runs
on it; the server sees a change within a second.

Examples:
  kmslite keys create --alias alias/app --description "orders" --tag team=shop
  kmslite keys list
  kmslite keys rotate alias/app
  kmslite keys schedule-deletion alias/app --days 7`;

interface CreateOptions extends KmsCommandOptions {
  readonly alias?: string;
  readonly description?: string;
  readonly tag?: Readonly<Record<string, string>>;
  readonly multiRegion?: boolean;
}

export function keysCommand(): Command {
  const keys = new Command("keys").description("make, list and change KMS keys").addHelpText("after", HELP);
  for (const command of [listCommand(), createCommand(), ...commandsOnAKey()]) keys.addCommand(command);
  return keys;
}

function listCommand(): Command {
  return withKmsOptions(new Command("list"))
    .description("list every key with its state and aliases")
    .action(async (options: KmsCommandOptions) => {
      const keys = await withKms(options, allKeys);
      const rows = keys.map(({ keyId, state, aliases, description }) => [
        keyId,
        state,
        aliases.join(","),
        description,
      ]);
      print(
        options.json,
        { keys },
        keys.length === 0 ? "No keys." : table(["KEY ID", "STATE", "ALIASES", "DESCRIPTION"], rows),
      );
    });
}

function createCommand(): Command {
  return withKmsOptions(new Command("create"))
    .description("make a symmetric encryption key")
    .option("--alias <alias>", "also make an alias for it, such as alias/app")
    .option("--description <text>", "what it is for")
    .option("--tag <name=value>", "tag; may be given more than once", pairs)
    .option("--multi-region", "make it a multi-Region primary key")
    .action(async (options: CreateOptions) => {
      const metadata = await withKms(options, (kms) => createKey(kms, options));
      print(options.json, metadata, lines({ ...metadata, alias: options.alias }));
    });
}

async function createKey(
  kms: Kms,
  { alias, description, tag = {}, multiRegion }: CreateOptions,
): Promise<object> {
  const { KeyMetadata } = await kms.createKey({
    Description: description,
    MultiRegion: multiRegion,
    Tags: Object.entries(tag).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
  });
  if (alias !== undefined) await kms.createAlias({ AliasName: alias, TargetKeyId: KeyMetadata?.KeyId });
  return { ...KeyMetadata };
}

/** Commands that take a key and print how it is afterwards. */
function commandsOnAKey(): Command[] {
  return [
    onAKey("describe", "show a key", async () => {}),
    onAKey("rotate", "give a key new material now; older ciphertext still decrypts", (kms, KeyId) =>
      kms.rotateKeyOnDemand({ KeyId }),
    ),
    onAKey("enable", "allow a key to be used", (kms, KeyId) => kms.enableKey({ KeyId })),
    onAKey("disable", "forbid a key to be used", (kms, KeyId) => kms.disableKey({ KeyId })),
    onAKey<{ readonly alias: string }>(
      "alias",
      "give a key another name, or move that name to it",
      async (kms, KeyId, { alias }) => {
        const known = await aliasesByKey(kms);
        if ([...known.values()].flat().includes(alias))
          await kms.updateAlias({ AliasName: alias, TargetKeyId: KeyId });
        else await kms.createAlias({ AliasName: alias, TargetKeyId: KeyId });
      },
    ).requiredOption("--alias <alias>", "such as alias/app"),
    onAKey<{ readonly days: number }>("enable-rotation", "rotate a key by itself", (kms, KeyId, { days }) =>
      kms.enableKeyRotation({ KeyId, RotationPeriodInDays: days }),
    ).option("--days <days>", "between rotations, 90 to 2560", integer(90, 2560), 365),
    onAKey("disable-rotation", "rotate a key no more by itself", (kms, KeyId) =>
      kms.disableKeyRotation({ KeyId }),
    ),
    onAKey<{ readonly days: number }>(
      "schedule-deletion",
      "delete a key after a waiting time, in which it can't be used",
      async (kms, KeyId, { days }) => {
        // To stderr, and first: it is the last moment to think again.
        process.stderr.write(`${await lastUseOf(kms, KeyId)}\n`);
        await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: days });
      },
    ).option("--days <days>", "to wait, 7 to 30", integer(7, 30), 30),
    onAKey("cancel-deletion", "keep a key after all; it is disabled then", (kms, KeyId) =>
      kms.cancelKeyDeletion({ KeyId }),
    ),
  ];
}

function onAKey<Options extends object>(
  name: string,
  description: string,
  run: (kms: Kms, keyId: string, options: Options) => Promise<unknown>,
): Command {
  return withKmsOptions(new Command(name))
    .argument("<key>", "key id, key ARN or alias")
    .description(description)
    .action(async (key: string, options: Options & KmsCommandOptions) => {
      const described = await withKms(options, async (kms) => {
        // Most operations want the key itself; at the command line an alias is what people have at hand.
        const { KeyMetadata } = await kms.describeKey({ KeyId: key });
        const keyId = KeyMetadata?.KeyId ?? key;
        await run(kms, keyId, options);
        return describe(kms, keyId);
      });
      print(options.json, described, lines(described));
    });
}

/** When a key was last used and, where there is an audit log, by whom. */
async function lastUseOf(kms: Kms, KeyId: string): Promise<string> {
  const { KeyLastUsage: { Operation, Timestamp } = {} } = await kms.getKeyLastUsage({ KeyId });
  if (Operation === undefined || Timestamp === undefined) return "This key was never used.";
  const attribute = { key: "ResourceName", value: KeyId } as const;
  for (let before: number | undefined; ; ) {
    const query = { attribute, limit: 100, ...(before === undefined ? {} : { before }) };
    const page = await (await kms.auditLog())?.lookUp(query);
    const use = page?.events.find(
      ({ event }) => event.eventName === Operation && event.errorCode === undefined,
    );
    const by = use?.event.userIdentity.arn ?? use?.event.userIdentity.invokedBy;
    if (by !== undefined || page?.next === undefined) {
      return `Last used ${Timestamp.toISOString()} for ${Operation}${by === undefined ? "" : ` by ${by}`}.`;
    }
    before = page.next;
  }
}

async function describe(kms: Kms, keyId: string): Promise<Record<string, unknown>> {
  const { KeyMetadata } = await kms.describeKey({ KeyId: keyId });
  const { Rotations = [] } = await kms.listKeyRotations({ KeyId: keyId });
  const aliases = (await aliasesByKey(kms)).get(keyId) ?? [];
  return { ...KeyMetadata, Aliases: aliases, Rotations: Rotations.length };
}

interface ListedKey {
  readonly keyId: string;
  readonly state: string;
  readonly aliases: readonly string[];
  readonly description: string;
}

async function allKeys(kms: Kms): Promise<ListedKey[]> {
  const aliases = await aliasesByKey(kms);
  const keys: ListedKey[] = [];
  let marker: string | undefined;
  do {
    const page = await kms.listKeys({ Limit: 1000, Marker: marker });
    for (const { KeyId = "" } of page.Keys ?? []) {
      const { KeyMetadata } = await kms.describeKey({ KeyId });
      keys.push({
        keyId: KeyId,
        state: KeyMetadata?.KeyState ?? "",
        aliases: aliases.get(KeyId) ?? [],
        description: KeyMetadata?.Description ?? "",
      });
    }
    marker = page.Truncated === true ? page.NextMarker : undefined;
  } while (marker !== undefined);
  return keys;
}

async function aliasesByKey(kms: Kms): Promise<Map<string, string[]>> {
  const aliases = new Map<string, string[]>();
  let marker: string | undefined;
  do {
    const page = await kms.listAliases({ Limit: 100, Marker: marker });
    for (const { AliasName = "", TargetKeyId = "" } of page.Aliases ?? []) {
      aliases.set(TargetKeyId, [...(aliases.get(TargetKeyId) ?? []), AliasName]);
    }
    marker = page.Truncated === true ? page.NextMarker : undefined;
  } while (marker !== undefined);
  return aliases;
}
