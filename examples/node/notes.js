// Notes in a file that nobody reads without the KMS: node notes.js "text" adds one, node notes.js shows them.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { openKms } from "kmslite/node";

const FILE = "notes.txt";
const EncryptionContext = { application: "notes" };

// Made at the first start: the store and, beside it, the root key file. Back up both, apart from each other.
const { kms, created } = await openKms({ directory: ".kmslite" });
if (created) {
  const { KeyMetadata } = await kms.createKey({ Description: "notes" });
  await kms.createAlias({ AliasName: "alias/notes", TargetKeyId: KeyMetadata.KeyId });
  await kms.enableKeyRotation({ KeyId: KeyMetadata.KeyId });
}

const text = process.argv.slice(2).join(" ");
if (text !== "") {
  const { CiphertextBlob } = await kms.encrypt({
    KeyId: "alias/notes",
    Plaintext: Buffer.from(text),
    EncryptionContext,
  });
  appendFileSync(FILE, `${Buffer.from(CiphertextBlob).toString("base64")}\n`);
}

const lines = existsSync(FILE) ? readFileSync(FILE, "utf8").trim().split("\n") : [];
for (const line of lines) {
  const { Plaintext } = await kms.decrypt({
    CiphertextBlob: Buffer.from(line, "base64"),
    EncryptionContext,
  });
  console.log(Buffer.from(Plaintext).toString());
}
await kms.close();
