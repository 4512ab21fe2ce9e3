/** `kmslite audit …`: reads the audit log of a store, and verifies an exported one. */
import { once } from "node:events";
import { Command, Option } from "commander";
import type { AuditLog, LookupAttribute } from "../index.ts";
import { verifyAuditCommand } from "./audit-verify.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { integer, type KmsCommandOptions, withKms, withKmsOptions } from "./options.ts";
import { print, table } from "./output.ts";

const HELP = `
The log is a Merkle tree (RFC 6962). A checkpoint, kept apart from the store, vouches for every event up to its size: whatever is edited,
removed, added or moved later does not verify.

Examples:
  kmslite audit log --name Decrypt
  kmslite audit key > audit.pub
  kmslite audit checkpoint > audit.checkpoint
  kmslite audit export > audit.jsonl
  kmslite audit verify audit.jsonl --public-key "$(cat audit.pub)" --checkpoint audit.checkpoint --later`;

export function auditCommand(): Command {
  const audit = new Command("audit")
    .description("read, export and verify the audit log")
    .addHelpText("after", HELP);
  for (const command of [
    logCommand(),
    exportCommand(),
    checkpointCommand(),
    keyCommand(),
    verifyAuditCommand(),
  ]) {
    audit.addCommand(command);
  }
  return audit;
}

interface LogOptions extends KmsCommandOptions {
  readonly limit: number;
  readonly name?: string;
  readonly key?: string;
  readonly user?: string;
  readonly event?: string;
}

function logCommand(): Command {
  return withKmsOptions(new Command("log"))
    .description("show events, the newest first")
    .option("--limit <number>", "how many", integer(1, 100_000), 20)
    .addOption(new Option("--name <operation>", "only of one operation").conflicts(["key", "user", "event"]))
    .addOption(new Option("--key <key>", "only of one key: its id or ARN").conflicts(["user", "event"]))
    .addOption(new Option("--user <name>", "only of one user or session").conflicts(["event"]))
    .option("--event <id>", "one event")
    .action(async (options: LogOptions) => {
      const attribute = attributeOf(options);
      const query = { limit: options.limit, ...(attribute === undefined ? {} : { attribute }) };
      const { events } = await withLog(options, (log) => log.lookUp(query));
      const rows = events.map(({ event, userName }) => [
        event.eventTime,
        event.eventName,
        event.errorCode ?? "",
        userName ?? event.userIdentity.invokedBy ?? "",
        event.resources?.map(({ ARN }) => ARN.slice(ARN.lastIndexOf(":") + 1)).join(",") ?? "",
        event.eventID,
      ]);
      print(
        options.json,
        { events: events.map(({ index, event }) => ({ index, ...event })) },
        rows.length === 0
          ? "No events."
          : table(["TIME", "EVENT", "ERROR", "BY", "RESOURCES", "EVENT ID"], rows),
      );
    });
}

function attributeOf({
  name,
  key,
  user,
  event,
}: LogOptions): { key: LookupAttribute; value: string } | undefined {
  if (name !== undefined) return { key: "EventName", value: name };
  if (key !== undefined) return { key: "ResourceName", value: key };
  if (user !== undefined) return { key: "Username", value: user };
  return event === undefined ? undefined : { key: "EventId", value: event };
}

function exportCommand(): Command {
  return withKmsOptions(new Command("export"))
    .description("write every event to stdout, a line of JSON each, exactly as it is hashed")
    .action(async (options: KmsCommandOptions) => {
      await withLog(options, async (log) => {
        for await (const line of log.lines()) {
          if (!process.stdout.write(`${line}\n`)) await once(process.stdout, "drain");
        }
      });
    });
}

function checkpointCommand(): Command {
  return withKmsOptions(new Command("checkpoint"))
    .description("print a signed checkpoint of the log as it is now (C2SP tlog-checkpoint)")
    .action(async (options: KmsCommandOptions) => {
      const checkpoint = await withLog(options, (log) => log.checkpoint());
      if (options.json === true) print(true, { checkpoint }, "");
      else process.stdout.write(checkpoint);
    });
}

function keyCommand(): Command {
  return withKmsOptions(new Command("key"))
    .description("print the public key that checkpoints are verified with")
    .action(async (options: KmsCommandOptions) => {
      const publicKey = await withLog(options, (log) => log.publicKey());
      print(options.json, { publicKey }, publicKey);
    });
}

async function withLog<T>(options: KmsCommandOptions, use: (log: AuditLog) => Promise<T>): Promise<T> {
  return withKms(options, async (kms) => {
    const log = await kms.auditLog();
    if (log === undefined) throw new CommandError(EXIT.store, "this store has no audit log yet");
    return use(log);
  });
}
