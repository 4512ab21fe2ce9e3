/** `kmslite rotate-domain-key`: a new domain key, and every key token moved under it. */
import { Command } from "commander";
import { type KmsCommandOptions, withKms, withKmsOptions } from "./options.ts";
import { print } from "./output.ts";

const HELP = `
The domain key stands between the root key and the material of every KMS key. It is replaced every 30 days by itself; this
does it now. Ciphertext is not affected.`;

export function rotateDomainKeyCommand(): Command {
  return withKmsOptions(new Command("rotate-domain-key"))
    .description("replace the key that wraps every KMS key's material")
    .addHelpText("after", HELP)
    .action(async (options: KmsCommandOptions) => {
      await withKms(options, (kms) => kms.rotateDomainKey());
      print(options.json, { rotated: true }, "The domain key was replaced.");
    });
}
