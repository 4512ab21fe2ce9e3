/** The suite `kms` in a page: Encrypt and Decrypt through the whole service, against Web Crypto used by hand in the same page. */
import { browserRootKey, createKms, indexedDbStore } from "kmslite/browser";
import { measure } from "../measure.ts";
import type { Measurement, Progress, Ratio, SuiteOptions, SuiteReport } from "../report.ts";

const LENGTH = 1024;
const WEB_CRYPTO = "webcrypto-import";

export async function runKms({ quick }: SuiteOptions, progress: Progress): Promise<SuiteReport> {
  const name = crypto.randomUUID();
  const kms = await createKms({ root: await browserRootKey({ name }), store: await indexedDbStore() });
  const KeyId = (await kms.createKey({})).KeyMetadata?.KeyId;
  const plaintext = crypto.getRandomValues(new Uint8Array(LENGTH));
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: plaintext });
  const byHand = await webCryptoByHand(plaintext);
  const results: Measurement[] = [];
  const ratios: Ratio[] = [];
  // A clock of 5 µs says little of one call: a batch is timed.
  const operations = 50;
  const batch = (call: () => Promise<unknown>) => async () => {
    for (let count = 0; count < operations; count++) await call();
  };
  const runs = {
    encrypt: [() => kms.encrypt({ KeyId, Plaintext: plaintext }), byHand.encrypt],
    decrypt: [() => kms.decrypt({ CiphertextBlob }), byHand.decrypt],
  } as const;
  for (const [operation, [service, raw]] of Object.entries(runs)) {
    progress(`${operation} 1 KiB`);
    const id = `kms.browser-${operation}-1KiB`;
    const measured = await measure({ id, bytes: LENGTH, rounds: quick ? 5 : 15 }, [
      { engine: "kmslite", operations, run: batch(service) },
      { engine: WEB_CRYPTO, operations, run: batch(raw) },
    ]);
    results.push(...measured.measurements);
    ratios.push({
      id: `${id}.vs-webcrypto`,
      against: WEB_CRYPTO,
      value: measured.speedup("kmslite", WEB_CRYPTO),
      aim: 1,
      better: "higher",
    });
  }
  await kms.close();
  return { name: "kms", results, ratios };
}

/** What a page does that has the bytes of a key: import it, encrypt or decrypt, and wait for each. */
async function webCryptoByHand(plaintext: Uint8Array<ArrayBuffer>) {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const algorithm = { name: "AES-GCM", iv: crypto.getRandomValues(new Uint8Array(12)) };
  const imported = (usage: KeyUsage) => crypto.subtle.importKey("raw", secret, "AES-GCM", false, [usage]);
  const ciphertext = await crypto.subtle.encrypt(algorithm, await imported("encrypt"), plaintext);
  return {
    encrypt: async () => crypto.subtle.encrypt(algorithm, await imported("encrypt"), plaintext),
    decrypt: async () => crypto.subtle.decrypt(algorithm, await imported("decrypt"), ciphertext),
  };
}
