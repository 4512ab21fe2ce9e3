/** What the `iam` commands share: the directory of an account, whom they are about, and policy documents. */
import type { Iam, Named } from "@kmslite/service/iam";
import type { Command } from "commander";
import { CommandError, EXIT } from "../exit-codes.ts";
import { type KmsCommandOptions, readNamedFile, withKms } from "../options.ts";

/** Uses the directory of the account that `--account` names. */
export function withIam<T>(options: KmsCommandOptions, use: (iam: Iam) => Promise<T>): Promise<T> {
  return withKms(options, async (kms) => use(await kms.iam()));
}

export interface WhomOptions {
  readonly user?: string;
  readonly role?: string;
}

/** Adds the options that name a user or a role. */
export function withWhom(command: Command): Command {
  return command.option("--user <name>", "of this user").option("--role <name>", "or of this role");
}

/** @throws {CommandError} unless exactly one of them is named */
export function whom({ user, role }: WhomOptions): Named {
  if (user !== undefined && role === undefined) return { UserName: user };
  if (role !== undefined && user === undefined) return { RoleName: role };
  throw new CommandError(EXIT.usage, "name a user (--user) or a role (--role)");
}

/** A policy document: the text itself if it begins as JSON does, or the file that it names. */
export async function documentOf(text: string): Promise<string> {
  return text.trimStart().startsWith("{") ? text : readNamedFile(text);
}

/** Tags as the directory takes them. */
export function tagsOf(
  tags: Readonly<Record<string, string>> = {},
): { readonly Key: string; readonly Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
