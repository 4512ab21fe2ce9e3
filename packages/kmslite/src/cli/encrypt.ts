/** `kmslite encrypt`: up to 4,096 bytes under a KMS key. */
import { Command } from "commander";
import { CommandError, EXIT } from "./exit-codes.ts";
import { type KmsCommandOptions, pairs, withKms, withKmsOptions } from "./options.ts";
import { base64Of, readPayload, writePayload } from "./payload.ts";

/** AWS KMS API Reference, Encrypt: Plaintext. */
const MAXIMUM_PLAINTEXT = 4096;

const TOO_LONG =
  "the plaintext is longer than the 4,096 bytes that a KMS key encrypts. Larger payloads are encrypted under a data key " +
  "(GenerateDataKey), which the KMS key protects: envelope encryption";

const HELP = `
The context is not secret, but decryption needs the very same one.

Examples:
  echo secret | kmslite encrypt -k alias/app -o secret.bin
  kmslite encrypt -k alias/app -i token.txt --context tenant=north --base64`;

interface EncryptOptions extends KmsCommandOptions {
  readonly key: string;
  readonly in?: string;
  readonly out?: string;
  readonly context?: Record<string, string>;
  readonly base64?: boolean;
}

export function encryptCommand(): Command {
  return withKmsOptions(new Command("encrypt"))
    .description("encrypt a file or pipe of up to 4,096 bytes")
    .requiredOption("-k, --key <key>", "key id, key ARN, or alias such as alias/app")
    .option("-i, --in <file>", "what to encrypt; stdin unless given")
    .option("-o, --out <file>", "where to write the ciphertext; stdout unless given")
    .option("--context <name=value>", "encryption context; may be given more than once", pairs)
    .option("--base64", "write base64 instead of bytes")
    .addHelpText("after", HELP)
    .action(encrypt);
}

async function encrypt(options: EncryptOptions): Promise<void> {
  const { key, in: input, out, context, base64, json } = options;
  const toTerminal = out === undefined && process.stdout.isTTY;
  if (toTerminal && base64 !== true && json !== true) {
    throw new CommandError(
      EXIT.usage,
      "ciphertext is binary and would garble the terminal: add --base64, or -o FILE",
    );
  }
  const plaintext = await readPayload(input, MAXIMUM_PLAINTEXT, TOO_LONG);
  try {
    const { CiphertextBlob, KeyId } = await withKms(options, (kms) =>
      kms.encrypt({ KeyId: key, Plaintext: plaintext, EncryptionContext: context }),
    );
    if (json === true) {
      await writePayload(
        out,
        `${JSON.stringify({ keyId: KeyId, ciphertextBlob: base64Of(CiphertextBlob) })}\n`,
      );
    } else {
      await writePayload(out, base64 === true ? `${base64Of(CiphertextBlob)}\n` : (CiphertextBlob ?? ""));
    }
  } finally {
    plaintext.fill(0);
  }
}
