import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KMS } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { kmslite, type Outcome, serve, temporaryFolder } from "./kmslite.ts";

const SECRET = "the launch code is 00000000";

/** A secret in the forms in which it would leak. */
function formsOf(secret: Uint8Array): Buffer[] {
  const bytes = Buffer.from(secret);
  return [
    bytes,
    Buffer.from(bytes.toString("hex")),
    Buffer.from(bytes.toString("base64").replace(/=+$/, "")),
  ];
}

function assertAbsent(where: string, haystack: Uint8Array, secrets: readonly Uint8Array[]): void {
  for (const form of secrets.flatMap(formsOf)) {
    expect([where, Buffer.from(haystack).includes(form)]).toEqual([where, false]);
  }
}

// Encryption contexts and key ids are not secret, and the audit log tells them: where there is one, they hold another text.
test.each([
  ["off", SECRET],
  ["store", "not secret"],
])(
  "neither log nor output nor any file holds plaintext, data keys, ciphertext or the root key; audit: %s",
  async (audit, misplaced) => {
    const data = join(temporaryFolder(), "data");
    const env = { KMSLITE_ACCESS_KEY_ID: "id", KMSLITE_SECRET_ACCESS_KEY: "the-secret-access-key" };
    const server = await serve(["--port", "0", "--data", data, "--json", "--audit", audit], { env });
    const { endpoint, region } = server.started();
    const credentials = { accessKeyId: "id", secretAccessKey: env.KMSLITE_SECRET_ACCESS_KEY };
    const client = new KMS({ endpoint, region, credentials, maxAttempts: 1 });

    const planted = new TextEncoder().encode(SECRET);
    const { KeyMetadata } = await client.createKey({});
    const KeyId = KeyMetadata?.KeyId;
    const { CiphertextBlob = new Uint8Array(0) } = await client.encrypt({ KeyId, Plaintext: planted });
    const dataKey = await client.generateDataKey({ KeyId, KeySpec: "AES_256" });
    await client.decrypt({ CiphertextBlob });
    // Refusals carry the request along in many servers' logs.
    await expect(
      client.decrypt({ CiphertextBlob, EncryptionContext: { [misplaced]: misplaced } }),
    ).rejects.toThrow();
    await expect(client.encrypt({ KeyId: misplaced, Plaintext: planted })).rejects.toThrow();
    await expect(
      client.encrypt({ KeyId, Plaintext: planted, EncryptionAlgorithm: misplaced as never }),
    ).rejects.toThrow();
    await fetch(`${endpoint}/${encodeURIComponent(SECRET)}`, {
      method: "POST",
      headers: { "x-amz-target": `TrentService.${SECRET}`, authorization: SECRET },
      body: SECRET,
    });
    const running = filesOf(data);
    const { stdout, stderr } = await server.stop();

    const secretOfRoot = /[0-9a-f]{64}/.exec(readFileSync(join(data, "root.key"), "utf8"))?.[0] ?? "";
    const rootKey = Buffer.from(secretOfRoot, "hex");
    expect(rootKey).toHaveLength(32);
    const dataKeyPlaintext = dataKey.Plaintext ?? new Uint8Array(0);
    const ciphertext = CiphertextBlob.subarray(-40);
    const secretKey = Buffer.from(env.KMSLITE_SECRET_ACCESS_KEY);
    const everything = [planted, dataKeyPlaintext, ciphertext, rootKey, secretKey];
    expect(stderr.split("\n").length).toBeGreaterThan(7);
    assertAbsent("stdout", stdout, everything);
    assertAbsent("stderr", Buffer.from(stderr), everything);
    for (const [name, bytes] of [...running, ...filesOf(data)]) {
      if (name !== "root.key") assertAbsent(name, bytes, everything);
    }
  },
);

test("the command line repeats no plaintext when it fails", async () => {
  const data = join(temporaryFolder(), "data");
  await kmslite(["init", "--data", data]);
  const outcomes: Outcome[] = [
    await kmslite(["encrypt", "-k", "alias/none", "--data", data], { input: SECRET }),
    await kmslite(["decrypt", "--data", data], { input: SECRET }),
    await kmslite(["decrypt", "--base64", "--data", data], { input: SECRET }),
    await kmslite(["encrypt", "-k", "alias/none", "--data", data], { input: SECRET.repeat(500) }),
    await kmslite(["keys", "list", "--data", data], { env: { KMSLITE_ROOT_KEY: SECRET } }),
    await kmslite(["keys", "list", "--data", data], { env: { KMSLITE_PASSPHRASE: SECRET } }),
  ];
  for (const { code, stdout, stderr } of outcomes) {
    expect(code).not.toBe(0);
    assertAbsent("output", Buffer.concat([stdout, Buffer.from(stderr)]), [Buffer.from(SECRET)]);
  }
});

function filesOf(folder: string): [string, Buffer][] {
  return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]);
}
