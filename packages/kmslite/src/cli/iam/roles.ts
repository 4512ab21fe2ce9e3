/** `kmslite iam role …` */
import { Command } from "commander";
import { integer, type KmsCommandOptions, pairs, withKmsOptions } from "../options.ts";
import { lines, print, table } from "../output.ts";
import { documentOf, tagsOf, withIam } from "./options.ts";

interface CreateOptions extends KmsCommandOptions {
  readonly trust: string;
  readonly path?: string;
  readonly description?: string;
  readonly maxSession?: number;
  readonly tag?: Readonly<Record<string, string>>;
  readonly boundary?: string;
}

interface UpdateOptions extends KmsCommandOptions {
  readonly trust?: string;
  readonly maxSession?: number;
}

export function roleCommand(): Command {
  const command = new Command("role").description("make, list, change and delete roles");
  for (const child of [createCommand(), listCommand(), updateCommand(), deleteCommand()])
    command.addCommand(child);
  return command;
}

function createCommand(): Command {
  return withMaxSession(withKmsOptions(new Command("create")))
    .argument("<name>", "1 to 64 letters, digits and _+=,.@-")
    .description("make a role, which may do nothing yet")
    .requiredOption("--trust <document>", "trust policy, which says who may assume it: a file, or JSON")
    .option("--path <path>", "such as /services/")
    .option("--description <text>", "what it is for")
    .option("--tag <name=value>", "tag; may be given more than once", pairs)
    .option("--boundary <document>", "permissions boundary: a file, or JSON")
    .action(async (RoleName: string, options: CreateOptions) => {
      const { path, description, maxSession, tag, boundary } = options;
      const request = {
        RoleName,
        AssumeRolePolicyDocument: await documentOf(options.trust),
        Tags: tagsOf(tag),
        ...(path === undefined ? {} : { Path: path }),
        ...(description === undefined ? {} : { Description: description }),
        ...(maxSession === undefined ? {} : { MaxSessionDuration: maxSession }),
        ...(boundary === undefined ? {} : { PermissionsBoundary: await documentOf(boundary) }),
      };
      const { Role } = await withIam(options, (iam) => iam.createRole(request));
      print(options.json, Role, lines({ ...Role }));
    });
}

function listCommand(): Command {
  return withKmsOptions(new Command("list"))
    .description("list the roles of an account")
    .action(async (options: KmsCommandOptions) => {
      const { Roles: roles } = await withIam(options, (iam) => iam.listRoles());
      const rows = roles.map(({ RoleName, RoleId, Arn }) => [RoleName, RoleId, Arn]);
      print(options.json, { roles }, roles.length === 0 ? "No roles." : table(["ROLE", "ID", "ARN"], rows));
    });
}

function updateCommand(): Command {
  return withMaxSession(withKmsOptions(new Command("update")))
    .argument("<name>")
    .description("change who may assume a role, or for how long")
    .option("--trust <document>", "trust policy: a file, or JSON")
    .action(async (RoleName: string, options: UpdateOptions) => {
      const trust = options.trust === undefined ? undefined : await documentOf(options.trust);
      const { maxSession } = options;
      const { Role } = await withIam(options, async (iam) => {
        if (trust !== undefined) await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: trust });
        if (maxSession !== undefined) await iam.updateRole({ RoleName, MaxSessionDuration: maxSession });
        return iam.getRole({ RoleName });
      });
      print(options.json, Role, lines({ ...Role }));
    });
}

function deleteCommand(): Command {
  return withKmsOptions(new Command("delete"))
    .argument("<name>")
    .description("delete a role that has no policies; its sessions end with it")
    .action(async (RoleName: string, options: KmsCommandOptions) => {
      await withIam(options, (iam) => iam.deleteRole({ RoleName }));
      print(options.json, { deleted: RoleName }, `Deleted the role ${RoleName}.`);
    });
}

function withMaxSession(command: Command): Command {
  return command.option(
    "--max-session <seconds>",
    "longest session, 3600 to 43200 seconds (3600 unless given)",
    integer(3600, 43_200),
  );
}
