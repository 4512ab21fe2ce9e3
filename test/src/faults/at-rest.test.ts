/**
 * No plaintext key at rest: every key of the hierarchy is known to this test, and none is found in the database, its log, or
 * any error. What the server prints is searched in ../cli/secrets.test.ts.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  backingKey,
  platformCryptography,
  platformRandom,
  type RootKey,
  secretRootKey,
} from "@kmslite/hierarchy";
import { sqliteStore } from "@kmslite/store/sqlite";
import { createKms, type Kms } from "kmslite";
import { expect, onTestFinished, test } from "vitest";

/** Every key that a KMS makes. */
interface Witness {
  readonly root: RootKey;
  readonly random: (length: number) => Uint8Array;
  /** Record key and domain keys: what the root key was given to wrap. */
  readonly wrapped: Uint8Array[];
  /** Everything of a backing key's length that was drawn at random, nonces too. */
  readonly drawn: Uint8Array[];
}

function witness(secret: Uint8Array): Witness {
  const root = secretRootKey(secret);
  const wrapped: Uint8Array[] = [];
  const drawn: Uint8Array[] = [];
  return {
    wrapped,
    drawn,
    root: {
      id: root.id,
      wrap: (plaintext, aad) => {
        wrapped.push(plaintext.slice());
        return root.wrap(plaintext, aad);
      },
      unwrap: (bytes, aad) => root.unwrap(bytes, aad),
    },
    random: (length) => {
      const bytes = platformRandom(length);
      if (length === 32) drawn.push(bytes.slice());
      return bytes;
    },
  };
}

function formsOf(secret: Uint8Array): string[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString("base64").replace(/=+$/, "");
  return [bytes.toString("latin1"), bytes.toString("hex"), base64, JSON.stringify([...bytes]).slice(1, -1)];
}

/** The names of the secrets that are found in the haystack, in any form. */
function foundIn(haystack: string, secrets: ReadonlyMap<string, Uint8Array>): string[] {
  const found = [...secrets].filter(([, secret]) => formsOf(secret).some((form) => haystack.includes(form)));
  return found.map(([name]) => name);
}

async function materialIdsOf(kms: Kms, KeyId: string): Promise<ReadonlySet<string>> {
  const { Rotations = [] } = await kms.listKeyRotations({ KeyId, IncludeKeyMaterial: "ALL_KEY_MATERIAL" });
  return new Set(Rotations.map(({ KeyMaterialId }) => KeyMaterialId ?? ""));
}

test("neither the database nor its log nor an error holds a key, before and after rotation and deletion", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-at-rest-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = (): [string, string][] =>
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "latin1")]);
  const secret = platformRandom(32);
  const { root, random, wrapped, drawn } = witness(secret);
  let now = Date.UTC(2026, 0, 1);
  const kms = await createKms({
    root,
    store: sqliteStore({ path: join(folder, "kms.sqlite") }),
    cryptography: { ...(await platformCryptography()), random },
    clock: () => now,
  });
  const secrets = new Map<string, Uint8Array>([["root secret", secret]]);
  const errors: string[] = [];
  const fail = (call: Promise<unknown>): Promise<unknown> =>
    call.catch((error: Error) =>
      errors.push(`${error.name} ${error.message} ${error.stack} ${String(error.cause)}`),
    );

  const planted = random(24);
  secrets.set("plaintext", planted);
  const keyIds: string[] = [];
  for (let key = 0; key < 3; key++) {
    const KeyId = (await kms.createKey({})).KeyMetadata?.KeyId ?? "";
    keyIds.push(KeyId);
    await kms.rotateKeyOnDemand({ KeyId });
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: planted });
    const dataKey = await kms.generateDataKey({ KeyId, KeySpec: "AES_256" });
    secrets.set(`data key ${key}`, dataKey.Plaintext ?? new Uint8Array(0));
    await fail(kms.decrypt({ CiphertextBlob, EncryptionContext: { wrong: "context" } }));
    await fail(kms.encrypt({ KeyId, Plaintext: new Uint8Array(5000) }));
    const ids = await materialIdsOf(kms, KeyId);
    const materials = drawn.filter((bytes) => {
      const candidate = backingKey(bytes, KeyId);
      candidate.destroy();
      return ids.has(candidate.keyMaterialId);
    });
    expect(materials).toHaveLength(2);
    for (const [index, material] of materials.entries()) secrets.set(`backing key ${key}.${index}`, material);
  }
  await kms.rotateDomainKey();
  // The record key and two domain keys.
  expect(wrapped).toHaveLength(3);
  for (const [index, key] of wrapped.entries()) secrets.set(`wrapped key ${index}`, key);

  const running = files();
  expect(running.map(([name]) => name).sort()).toEqual(["kms.sqlite", "kms.sqlite-shm", "kms.sqlite-wal"]);
  await kms.scheduleKeyDeletion({ KeyId: keyIds[0], PendingWindowInDays: 7 });
  now += 8 * 86_400_000;
  await kms.runDueWork();
  const afterDeletion = files();
  await kms.close();

  for (const [name, contents] of [...running, ...afterDeletion, ...files()]) {
    expect([name, foundIn(contents, secrets)]).toEqual([name, []]);
  }
  expect(errors).toHaveLength(6);
  expect(foundIn(errors.join("\n"), secrets)).toEqual([]);
  // The search finds what is there: the id of a key, and a key that was written down in each form.
  expect(running.some(([, contents]) => contents.includes(keyIds[1] ?? "none"))).toBe(true);
  for (const form of formsOf(secret)) expect(foundIn(`…${form}…`, secrets)).toEqual(["root secret"]);
});
