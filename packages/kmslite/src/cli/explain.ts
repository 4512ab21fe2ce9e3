/** `kmslite explain`: why a principal may do something with a key, or may not, and what would have to change. */
import type { AccessQuestion, Identity } from "@kmslite/service";
import { Command, InvalidArgumentError } from "commander";
import { CommandEnd, EXIT } from "./exit-codes.ts";
import { type KmsCommandOptions, pairs, readNamedFile, withKms, withKmsOptions } from "./options.ts";
import { print } from "./output.ts";

const HELP = `
The service's own authorization decides, over the policies and grants in the store; no request is made. The exit code is 0 if it
is allowed and 1 if it is denied. Only permissions are explained: the key may still be disabled, or be for something else.

<principal> is the ARN of a user, a role, a role's session or an account's root user, the id of an account, or a service such as
s3.amazonaws.com. Its policies are those of the directory (kmslite iam), unless files are named.

Examples:
  kmslite explain --as arn:aws:iam::000000000000:user/alice --action kms:Decrypt --key alias/app --context purpose=orders
  kmslite explain --as arn:aws:iam::000000000000:role/app --action kms:CreateKey --identity-policy app.json`;

interface ExplainOptions extends KmsCommandOptions {
  readonly as: string;
  readonly action: string;
  readonly key?: string;
  readonly alias?: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly identityPolicy?: readonly string[];
  readonly boundary?: string;
  readonly sessionPolicy?: readonly string[];
  readonly principalTag?: Readonly<Record<string, string>>;
  readonly viaService?: string;
  readonly sourceIp?: string;
}

export function explainCommand(): Command {
  return withKmsOptions(new Command("explain"))
    .description("say why a principal may do something, or may not, and what would have to change")
    .requiredOption("--as <principal>", "whose permission it is about")
    .requiredOption("--action <action>", "such as kms:Decrypt")
    .option("--key <key>", "key id, key ARN or alias")
    .option("--alias <alias>", "of CreateAlias and UpdateAlias: the alias, beside the key")
    .option("--context <name=value>", "encryption context; may be given more than once", pairs)
    .option(
      "--request <json>",
      'what else the request says, such as {"SigningAlgorithm":"ECDSA_SHA_256"}',
      objectOf,
    )
    .option("--identity-policy <file>", "policy of the principal; may be given more than once", listed)
    .option("--boundary <file>", "its permissions boundary")
    .option("--session-policy <file>", "policy of its session; may be given more than once", listed)
    .option("--principal-tag <name=value>", "tag of the principal; may be given more than once", pairs)
    .option("--via-service <service>", "that makes the request for it, such as s3.us-east-1.amazonaws.com")
    .option("--source-ip <address>", "where the request comes from")
    .addHelpText("after", HELP)
    .action(async (options: ExplainOptions) => {
      const question = await questionOf(options);
      const { text, ...explanation } = await withKms(options, (kms) => kms.explain(question));
      print(options.json, explanation, text);
      if (!explanation.allowed) throw new CommandEnd(EXIT.refused);
    });
}

async function questionOf(options: ExplainOptions): Promise<AccessQuestion> {
  const { as, action, key, alias, context, request, viaService, sourceIp } = options;
  const identity = await identityOf(options);
  return {
    as,
    action,
    ...(key === undefined ? {} : { key }),
    ...(alias === undefined ? {} : { alias }),
    ...(context === undefined ? {} : { context }),
    ...(request === undefined ? {} : { request }),
    ...(viaService === undefined ? {} : { viaService }),
    ...(sourceIp === undefined ? {} : { source: { ip: sourceIp, tls: true } }),
    ...(identity === undefined ? {} : { identity, policyNames: options.identityPolicy ?? [] }),
  };
}

/** What the options say of the principal; `undefined` if they say nothing, and the directory is asked. */
async function identityOf(options: ExplainOptions): Promise<Identity | undefined> {
  const { identityPolicy, boundary, sessionPolicy, principalTag } = options;
  if ([identityPolicy, boundary, sessionPolicy, principalTag].every((given) => given === undefined))
    return undefined;
  const texts = (files: readonly string[]) => Promise.all(files.map(readNamedFile));
  return {
    policies: await texts(identityPolicy ?? []),
    ...(boundary === undefined ? {} : { boundary: await readNamedFile(boundary) }),
    ...(sessionPolicy === undefined ? {} : { sessionPolicies: await texts(sessionPolicy) }),
    ...(principalTag === undefined ? {} : { tags: principalTag }),
  };
}

function listed(text: string, former: readonly string[] = []): readonly string[] {
  return [...former, text];
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError("Expected a JSON object.");
}
