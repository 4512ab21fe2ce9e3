/** `kmslite init`: makes root key, store and access key, and says where. */
import { Command } from "commander";
import { accessKeyOf } from "../node/access-key-file.ts";
import { type KmsCommandOptions, openByOptions, rootKeySource, withKmsOptions } from "./options.ts";
import { lines, print } from "./output.ts";
import { askNewPassphrase } from "./prompt.ts";
import { readSeedFile } from "./seed-file.ts";

const HELP = `
Nothing that exists is ever overwritten: in a folder that has a KMS, this checks that its root key opens it.

Examples:
  kmslite init
  kmslite init --data /var/lib/kmslite --root-key-file /etc/kmslite/root.key
  kmslite init --passphrase
  KMSLITE_ROOT_KEY=$(openssl rand -hex 32) kmslite init      no root key file; keep the value
  kmslite init --seed seed.yaml          keys with given ids and material, for tests (local-kms's seed.yaml too)
  KMSLITE_STORE=postgresql://kms:…@db/kms kmslite init       makes the tables, or migrates older ones
  kmslite init --root-key kms:arn:aws:kms:eu-west-1:111122223333:key/…   a key of AWS KMS as root key`;

interface InitOptions extends KmsCommandOptions {
  readonly passphrase?: boolean;
  readonly seed?: string;
}

export function initCommand(): Command {
  return withKmsOptions(new Command("init"))
    .description("make a KMS: root key, store and access key")
    .option("--passphrase", "ask for a passphrase that protects the root key file")
    .option(
      "--seed <file>",
      "also make the keys, aliases and grants of a YAML or JSON file, as far as they are not there",
    )
    .addHelpText("after", HELP)
    .action(init);
}

async function init(options: InitOptions): Promise<void> {
  const seed = options.seed === undefined ? undefined : await readSeedFile(options.seed);
  const passphrase = options.passphrase === true ? { passphrase: await askNewPassphrase() } : {};
  const { kms, directory, storeName, created, rootKeyFile } = await openByOptions(options, {
    create: true,
    ...passphrase,
  });
  try {
    const seeded = seed === undefined ? undefined : await kms.seed(seed);
    // A fleet has its access key from its configuration; a folder is then not needed.
    const credentials = configuredElsewhere(options, rootKeyFile)
      ? {}
      : {
          credentials: directory.accessKeyFile,
          accessKeyId: (await accessKeyOf(directory.accessKeyFile)).accessKeyId,
        };
    const made = {
      created,
      dataFolder: "credentials" in credentials ? directory.path : undefined,
      rootKeyFile,
      store: storeName,
      ...credentials,
      region: kms.region,
      accountId: kms.account,
      ...(seeded === undefined ? {} : { keysMade: seeded.keys, aliasesMade: seeded.aliases }),
    };
    const advice =
      rootKeyFile === undefined
        ? `The root key came from ${rootKeySource(options)}. Without it, nothing here can be opened.`
        : `Back up ${rootKeyFile}, apart from the store. Without it, nothing here can be opened.`;
    const head = created ? "A new KMS:" : "There is a KMS already, and its root key opens it:";
    print(options.json, made, `${head}\n${lines(made)}\n\n${advice}`);
  } finally {
    for (const { material } of seed?.keys ?? []) for (const bytes of material) bytes.fill(0);
    await kms.close();
  }
}

/** Whether nothing of this KMS needs a folder on this machine. */
function configuredElsewhere({ store }: InitOptions, rootKeyFile: string | undefined): boolean {
  const { KMSLITE_ACCESS_KEY_ID: id, KMSLITE_SECRET_ACCESS_KEY: secret } = process.env;
  return store !== undefined && rootKeyFile === undefined && Boolean(id) && Boolean(secret);
}
