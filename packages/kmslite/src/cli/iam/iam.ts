/** `kmslite iam …`: accounts, users, roles, and what they may do, on the store of this machine. */
import { Command } from "commander";
import { type KmsCommandOptions, withKmsOptions } from "../options.ts";
import { print, table } from "../output.ts";
import { accessKeyCommand } from "./access-keys.ts";
import { withIam } from "./options.ts";
import { boundaryCommand, policyCommand, tagCommand } from "./policies.ts";
import { roleCommand } from "./roles.ts";
import { userCommand } from "./users.ts";

const HELP = `
The commands work on the store itself, also while a server runs on it; the server sees a change within a second. --account says
whose users and roles: an account is there from its first user, role or access key on.

Examples:
  kmslite iam user create alice
  kmslite iam policy put keys --user alice --document policy.json
  kmslite iam access-key create --user alice
  kmslite iam role create auditor --account 444455556666 --trust trust.json
  kmslite iam account list`;

export function iamCommand(): Command {
  const iam = new Command("iam")
    .description("keep accounts, users, roles and access keys")
    .addHelpText("after", HELP);
  const commands = [
    userCommand(),
    roleCommand(),
    policyCommand(),
    boundaryCommand(),
    tagCommand(),
    accessKeyCommand(),
    accountCommand(),
  ];
  for (const command of commands) iam.addCommand(command);
  return iam;
}

function accountCommand(): Command {
  const list = withKmsOptions(new Command("list"))
    .description("list the accounts that have users, roles or access keys")
    .action(async (options: KmsCommandOptions) => {
      const { Accounts: accounts } = await withIam(options, (iam) => iam.listAccounts());
      const rows = accounts.map(({ Id, CreateDate }) => [Id, CreateDate.toISOString()]);
      print(
        options.json,
        { accounts },
        rows.length === 0 ? "No accounts." : table(["ACCOUNT", "SINCE"], rows),
      );
    });
  return new Command("account").description("accounts of the store").addCommand(list);
}
