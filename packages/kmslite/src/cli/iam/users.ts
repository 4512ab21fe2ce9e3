/** `kmslite iam user …` */
import type { User } from "@kmslite/service/iam";
import { Command } from "commander";
import { type KmsCommandOptions, pairs, withKmsOptions } from "../options.ts";
import { lines, print, table } from "../output.ts";
import { documentOf, tagsOf, withIam } from "./options.ts";

interface CreateOptions extends KmsCommandOptions {
  readonly path?: string;
  readonly tag?: Readonly<Record<string, string>>;
  readonly boundary?: string;
}

export function userCommand(): Command {
  const command = new Command("user").description("make, list and delete users");
  for (const child of [createCommand(), listCommand(), deleteCommand()]) command.addCommand(child);
  return command;
}

function createCommand(): Command {
  return withKmsOptions(new Command("create"))
    .argument("<name>", "1 to 64 letters, digits and _+=,.@-")
    .description("make a user, who may do nothing yet")
    .option("--path <path>", "such as /staff/")
    .option("--tag <name=value>", "tag; may be given more than once", pairs)
    .option("--boundary <document>", "permissions boundary: a file, or JSON")
    .action(async (UserName: string, options: CreateOptions) => {
      const { path, tag, boundary } = options;
      const document = boundary === undefined ? {} : { PermissionsBoundary: await documentOf(boundary) };
      const { User } = await withIam(options, (iam) =>
        iam.createUser({
          UserName,
          Tags: tagsOf(tag),
          ...(path === undefined ? {} : { Path: path }),
          ...document,
        }),
      );
      print(options.json, User, lines({ ...User }));
    });
}

function listCommand(): Command {
  return withKmsOptions(new Command("list"))
    .description("list the users of an account")
    .action(async (options: KmsCommandOptions) => {
      const { Users: users } = await withIam(options, (iam) => iam.listUsers());
      const text = users.length === 0 ? "No users." : table(["USER", "ID", "ARN"], users.map(rowOf));
      print(options.json, { users }, text);
    });
}

function deleteCommand(): Command {
  return withKmsOptions(new Command("delete"))
    .argument("<name>")
    .description("delete a user that has no access keys and no policies")
    .action(async (UserName: string, options: KmsCommandOptions) => {
      await withIam(options, (iam) => iam.deleteUser({ UserName }));
      print(options.json, { deleted: UserName }, `Deleted the user ${UserName}.`);
    });
}

function rowOf({ UserName, UserId, Arn }: User): string[] {
  return [UserName, UserId, Arn];
}
