/** `kmslite iam access-key …`: what users, and the root users of accounts, sign with. */
import { Command } from "commander";
import { CommandError, EXIT } from "../exit-codes.ts";
import { type KmsCommandOptions, withKmsOptions } from "../options.ts";
import { lines, print, table } from "../output.ts";
import { withIam } from "./options.ts";

interface Options extends KmsCommandOptions {
  readonly user?: string;
  readonly root?: boolean;
}

export function accessKeyCommand(): Command {
  const command = new Command("access-key").description("access keys of a user, or of the root user");
  const children = [
    createCommand(),
    listCommand(),
    statusCommand("activate", "Active", "let an access key be used again"),
    statusCommand("deactivate", "Inactive", "keep an access key from being used"),
    deleteCommand(),
  ];
  for (const child of children) command.addCommand(child);
  return command;
}

function createCommand(): Command {
  return withOwner(new Command("create"))
    .description("make an access key; its secret is shown now and never again")
    .action(async (options: Options) => {
      const { AccessKey } = await withIam(options, (iam) => iam.createAccessKey(ownerOf(options)));
      const note = "The secret is shown this once.";
      print(options.json, AccessKey, `${lines({ ...AccessKey })}\n\n${note}`);
    });
}

function listCommand(): Command {
  return withOwner(new Command("list"))
    .description("list access keys, without secrets")
    .action(async (options: Options) => {
      const { AccessKeyMetadata: keys } = await withIam(options, (iam) =>
        iam.listAccessKeys(ownerOf(options)),
      );
      const rows = keys.map(({ AccessKeyId, Status, CreateDate }) => [
        AccessKeyId,
        Status,
        CreateDate.toISOString(),
      ]);
      const text = keys.length === 0 ? "No access keys." : table(["ACCESS KEY", "STATUS", "CREATED"], rows);
      print(options.json, { accessKeys: keys }, text);
    });
}

function statusCommand(name: string, Status: "Active" | "Inactive", description: string): Command {
  return withOwner(new Command(name))
    .argument("<id>")
    .description(description)
    .action(async (AccessKeyId: string, options: Options) => {
      const request = { ...ownerOf(options), AccessKeyId, Status };
      await withIam(options, (iam) => iam.updateAccessKey(request));
      print(options.json, { AccessKeyId, Status }, `${AccessKeyId} is ${Status.toLowerCase()}.`);
    });
}

function deleteCommand(): Command {
  return withOwner(new Command("delete"))
    .argument("<id>")
    .description("delete an access key; a running server refuses it within a second")
    .action(async (AccessKeyId: string, options: Options) => {
      await withIam(options, (iam) => iam.deleteAccessKey({ ...ownerOf(options), AccessKeyId }));
      print(options.json, { deleted: AccessKeyId }, `Deleted ${AccessKeyId}.`);
    });
}

function withOwner(command: Command): Command {
  return withKmsOptions(command)
    .option("--user <name>", "of this user")
    .option("--root", "or of the account's root user, who may do everything in it");
}

/** A root user's access key is asked for by name, and not by leaving something out. */
function ownerOf({ user, root = false }: Options): { readonly UserName?: string } {
  if ((user === undefined) === !root)
    throw new CommandError(EXIT.usage, "name a user (--user), or the root user (--root)");
  return user === undefined ? {} : { UserName: user };
}
