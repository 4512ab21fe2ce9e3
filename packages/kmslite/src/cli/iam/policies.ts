/** `kmslite iam policy …`, `iam boundary …` and `iam tag …`: what a user or role may do, and how it is labelled. */
import { Command } from "commander";
import { CommandError, EXIT } from "../exit-codes.ts";
import { type KmsCommandOptions, pairs, withKmsOptions } from "../options.ts";
import { print } from "../output.ts";
import { documentOf, tagsOf, type WhomOptions, whom, withIam, withWhom } from "./options.ts";

type Options = KmsCommandOptions & WhomOptions;

interface DocumentOptions extends Options {
  readonly document: string;
}

interface TagOptions extends Options {
  readonly tag?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

export function policyCommand(): Command {
  const command = new Command("policy").description("identity policies of a user or role");
  for (const child of [putPolicy(), listPolicies(), showPolicy(), deletePolicy()]) command.addCommand(child);
  return command;
}

export function boundaryCommand(): Command {
  const command = new Command("boundary").description("the permissions boundary of a user or role");
  const put = withDocument(of("put", "set the boundary: more than it allows, no policy gives"));
  put.action(async (options: DocumentOptions) => {
    const request = { ...whom(options), PermissionsBoundary: await documentOf(options.document) };
    await withIam(options, (iam) => iam.putPermissionsBoundary(request));
    print(options.json, { boundary: "set" }, "The boundary is set.");
  });
  const remove = of("delete", "take the boundary away").action(async (options: Options) => {
    await withIam(options, (iam) => iam.deletePermissionsBoundary(whom(options)));
    print(options.json, { boundary: "deleted" }, "The boundary is deleted.");
  });
  return command.addCommand(put).addCommand(remove);
}

export function tagCommand(): Command {
  return of("tag", "add and remove tags of a user or role")
    .option("--tag <name=value>", "tag; may be given more than once", pairs)
    .option("--remove <names...>", "keys of tags to remove")
    .action(async (options: TagOptions) => {
      const { tag, remove = [] } = options;
      if (tag === undefined && remove.length === 0)
        throw new CommandError(EXIT.usage, "give tags (--tag name=value) or keys to remove (--remove name)");
      await withIam(options, async (iam) => {
        if (remove.length > 0) await iam.untag({ ...whom(options), TagKeys: remove });
        if (tag !== undefined) await iam.tag({ ...whom(options), Tags: tagsOf(tag) });
      });
      print(options.json, { tagged: tag ?? {}, removed: remove }, "The tags are changed.");
    });
}

function putPolicy(): Command {
  return withDocument(of("put <name>", "give a policy, or replace the one of that name")).action(
    async (PolicyName: string, options: DocumentOptions) => {
      const request = { ...whom(options), PolicyName, PolicyDocument: await documentOf(options.document) };
      await withIam(options, (iam) => iam.putPolicy(request));
      print(options.json, { put: PolicyName }, `The policy ${PolicyName} is put.`);
    },
  );
}

function listPolicies(): Command {
  return of("list", "list policies by name").action(async (options: Options) => {
    const { PolicyNames: policies } = await withIam(options, (iam) => iam.listPolicies(whom(options)));
    print(options.json, { policies }, policies.length === 0 ? "No policies." : policies.join("\n"));
  });
}

function showPolicy(): Command {
  return of("show <name>", "print a policy").action(async (PolicyName: string, options: Options) => {
    const policy = await withIam(options, (iam) => iam.getPolicy({ ...whom(options), PolicyName }));
    print(options.json, policy, policy.PolicyDocument);
  });
}

function deletePolicy(): Command {
  return of("delete <name>", "delete a policy").action(async (PolicyName: string, options: Options) => {
    await withIam(options, (iam) => iam.deletePolicy({ ...whom(options), PolicyName }));
    print(options.json, { deleted: PolicyName }, `Deleted the policy ${PolicyName}.`);
  });
}

/** A command about a user or role; `usage` is its name with its arguments. */
function of(usage: string, description: string): Command {
  const [name = "", ...args] = usage.split(" ");
  const command = withWhom(withKmsOptions(new Command(name))).description(description);
  for (const argument of args) command.argument(argument);
  return command;
}

function withDocument(command: Command): Command {
  return command.requiredOption("--document <document>", "the policy: a file, or JSON");
}
