/** The command line as a whole: its commands and its help. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { auditCommand } from "./audit.ts";
import { decryptCommand } from "./decrypt.ts";
import { doctorCommand } from "./doctor.ts";
import { encryptCommand } from "./encrypt.ts";
import { EXIT_CODES_HELP } from "./exit-codes.ts";
import { explainCommand } from "./explain.ts";
import { iamCommand } from "./iam/iam.ts";
import { initCommand } from "./init.ts";
import { keysCommand } from "./keys.ts";
import { rotateDomainKeyCommand } from "./rotate-domain-key.ts";
import { serveCommand } from "./serve.ts";
import { xksProxyCommand } from "./xks-proxy.ts";

const HELP = `
Keys live in a folder (--data, ./.kmslite unless given):
  root.key          root key; opens everything else. Back it up, apart from the rest
  kms.sqlite        every other key, encrypted under the root key
  credentials.json  the access key that the server accepts
With --store, the second is in a database instead, which any number of servers may share.

Examples:
  kmslite serve                                        a KMS for the AWS SDKs and the AWS CLI
  kmslite init --passphrase                            a folder whose root key a passphrase protects
  kmslite keys create --alias alias/app
  echo secret | kmslite encrypt -k alias/app -o secret.bin
  kmslite decrypt -i secret.bin

Environment:
  KMSLITE_DATA, KMSLITE_REGION, KMSLITE_ACCOUNT        as --data, --region, --account
  KMSLITE_STORE                                        as --store; a password in it shows in no list of processes
  KMSLITE_ROOT_KEY                                     root key, 32 bytes in hex or base64, instead of a file;
                                                       or kms:KEY, as --root-key
  KMSLITE_ROOT_KEY_FILE                                as --root-key-file
  KMSLITE_PASSPHRASE                                   passphrase of the root key file
  KMSLITE_ACCESS_KEY_ID, KMSLITE_SECRET_ACCESS_KEY     access key of the server
  KMSLITE_KEY_CACHE_MS, KMSLITE_OTHER_REGIONS          as --key-cache-ms, --other-regions
  KMSLITE_REQUEST_QUOTAS, KMSLITE_AUDIT                as --request-quotas, --audit
`;

/** A fresh program; it throws instead of ending the process. */
export function program(): Command {
  const root = new Command("kmslite")
    .description("An AWS-KMS-compatible key management service.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .addHelpText("after", HELP + EXIT_CODES_HELP)
    .showHelpAfterError("(--help explains)");
  for (const command of [
    serveCommand(),
    initCommand(),
    keysCommand(),
    iamCommand(),
    encryptCommand(),
    decryptCommand(),
    doctorCommand(),
    explainCommand(),
    rotateDomainKeyCommand(),
    auditCommand(),
    xksProxyCommand(),
  ]) {
    root.addCommand(command);
  }
  throwEverywhere(root);
  return root;
}

/** Commands made apart from the program don't inherit its settings. */
function throwEverywhere(command: Command): void {
  command.exitOverride();
  command.showHelpAfterError("(--help explains)");
  for (const child of command.commands) throwEverywhere(child);
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
