/** `kmslite init`: makes root key, store and access key, and says where. */
import { Command } from "commander";
import { accessKeyOf } from "../node/access-key-file.ts";
import { type KmsCommandOptions, openByOptions, withKmsOptions } from "./options.ts";
import { lines, print } from "./output.ts";
import { askNewPassphrase } from "./prompt.ts";

const HELP = `
Nothing that exists is ever overwritten: in a folder that has a KMS, this checks that its root key opens it.

Examples:
  kmslite init
  kmslite init --data /var/lib/kmslite --root-key-file /etc/kmslite/root.key
  kmslite init --passphrase
  KMSLITE_ROOT_KEY=$(openssl rand -hex 32) kmslite init      no root key file; keep the value`;

interface InitOptions extends KmsCommandOptions {
  readonly passphrase?: boolean;
}

export function initCommand(): Command {
  return withKmsOptions(new Command("init"))
    .description("make a KMS: root key, store and access key")
    .option("--passphrase", "ask for a passphrase that protects the root key file")
    .addHelpText("after", HELP)
    .action(init);
}

async function init(options: InitOptions): Promise<void> {
  const passphrase = options.passphrase === true ? { passphrase: await askNewPassphrase() } : {};
  const { kms, directory, created, rootKeyFile } = await openByOptions(options, {
    create: true,
    ...passphrase,
  });
  try {
    const { accessKeyId } = await accessKeyOf(directory.accessKeyFile);
    const made = {
      created,
      dataFolder: directory.path,
      rootKeyFile,
      store: directory.storeFile,
      credentials: directory.accessKeyFile,
      accessKeyId,
      region: kms.region,
      accountId: kms.account,
    };
    const advice =
      rootKeyFile === undefined
        ? "The root key came from KMSLITE_ROOT_KEY. Without it, nothing here can be opened."
        : `Back up ${rootKeyFile}, apart from the store. Without it, nothing here can be opened.`;
    const head = created ? "A new KMS:" : "There is a KMS already, and its root key opens it:";
    print(options.json, made, `${head}\n${lines(made)}\n\n${advice}`);
  } finally {
    await kms.close();
  }
}
