/** `kmslite decrypt`: the inverse of `kmslite encrypt`, and for any ciphertext blob of this KMS. */
import { Command } from "commander";
import { CommandError, EXIT } from "./exit-codes.ts";
import { type KmsCommandOptions, pairs, withKms, withKmsOptions } from "./options.ts";
import { base64Of, readPayload, writePayload } from "./payload.ts";

/** AWS KMS API Reference, Decrypt: CiphertextBlob. */
const MAXIMUM_CIPHERTEXT = 6144;
/** The same in base64, with line breaks. */
const MAXIMUM_BASE64 = 8704;

const TOO_LONG = "the input is longer than any ciphertext of a KMS key (6,144 bytes)";

const HELP = `
The key is named in the ciphertext; -k makes sure that it is the one you expect.

Examples:
  kmslite decrypt -i secret.bin
  kmslite encrypt -k alias/app -i a.txt --base64 | kmslite decrypt --base64 -k alias/app`;

interface DecryptOptions extends KmsCommandOptions {
  readonly key?: string;
  readonly in?: string;
  readonly out?: string;
  readonly context?: Record<string, string>;
  readonly base64?: boolean;
}

export function decryptCommand(): Command {
  return withKmsOptions(new Command("decrypt"))
    .description("decrypt a file or pipe")
    .option("-k, --key <key>", "refuse ciphertext of any other key")
    .option("-i, --in <file>", "what to decrypt; stdin unless given")
    .option("-o, --out <file>", "where to write the plaintext; stdout unless given")
    .option("--context <name=value>", "encryption context; may be given more than once", pairs)
    .option("--base64", "the input is base64 instead of bytes")
    .addHelpText("after", HELP)
    .action(decrypt);
}

async function decrypt(options: DecryptOptions): Promise<void> {
  const { key, in: input, out, context, base64, json } = options;
  const read = await readPayload(input, base64 === true ? MAXIMUM_BASE64 : MAXIMUM_CIPHERTEXT, TOO_LONG);
  const { Plaintext, KeyId } = await withKms(options, (kms) =>
    kms.decrypt({
      KeyId: key,
      CiphertextBlob: base64 === true ? fromBase64(read) : read,
      EncryptionContext: context,
    }),
  );
  const plaintext = Plaintext ?? new Uint8Array(0);
  await writePayload(
    out,
    json === true ? `${JSON.stringify({ keyId: KeyId, plaintext: base64Of(plaintext) })}\n` : plaintext,
  );
}

function fromBase64(text: Uint8Array): Uint8Array {
  const digits = Buffer.from(text).toString("latin1").replaceAll(/\s/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(digits) || digits.length % 4 !== 0) {
    throw new CommandError(EXIT.usage, "the input is not base64");
  }
  return Buffer.from(digits, "base64");
}
