/** The suite `kms`: whole operations of the service. */
import { type AuditOption, createKms, ephemeralRootKey, memoryStore } from "kmslite";
import { measureHttpEncrypt } from "./http/encrypt.ts";
import { measure } from "./measure.ts";
import type { Measurement, Ratio, Suite } from "./report.ts";

/** Rotations behind the newest backing key; AWS's limit is lifted for them. */
const ROTATIONS = 1000;

const plaintext = new Uint8Array(32).fill(7);

export const kmsSuite: Suite = {
  name: "kms",
  run: async (progress, options) => {
    const kms = await createKms({
      root: ephemeralRootKey(),
      store: memoryStore(),
      limits: { onDemandRotationsPerKey: ROTATIONS },
    });
    const results: Measurement[] = [];
    const ratios: Ratio[] = [];
    try {
      const KeyId = (await kms.createKey({})).KeyMetadata?.KeyId;
      const oldest = (await kms.encrypt({ KeyId, Plaintext: plaintext })).CiphertextBlob;
      progress(`${ROTATIONS} rotations`);
      for (let i = 0; i < ROTATIONS; i++) await kms.rotateKeyOnDemand({ KeyId });
      const newest = (await kms.encrypt({ KeyId, Plaintext: plaintext })).CiphertextBlob;

      progress("decrypt the oldest of 1,000 backing keys and the newest");
      const decrypt = await measure({ id: "kms.decrypt-32B", bytes: 32, rounds: 9 }, [
        { engine: "oldest-of-1000", run: () => kms.decrypt({ CiphertextBlob: oldest }) },
        { engine: "newest", run: () => kms.decrypt({ CiphertextBlob: newest }) },
      ]);
      results.push(...decrypt.measurements);
      ratios.push({
        id: "kms.decrypt-oldest-of-1000.vs-newest",
        value: decrypt.speedup("newest", "oldest-of-1000"),
        aim: 1.1,
        better: "lower",
      });

      progress("encrypt in-process, with and without audit");
      const encrypt = await measure({ id: "kms.encrypt-32B", bytes: 32 }, [
        { engine: "in-process", run: () => kms.encrypt({ KeyId, Plaintext: plaintext }) },
        { engine: "audited", run: await encryptAudited((events) => void events) },
        { engine: "audited-memory-store", run: await encryptAudited("store") },
        { engine: "webcrypto-import-encrypt", run: () => importAndEncrypt(plaintext) },
      ]);
      results.push(...encrypt.measurements);
      ratios.push({
        id: "kms.encrypt-32B.vs-webcrypto",
        value: encrypt.speedup("audited", "webcrypto-import-encrypt"),
        aim: 3,
        better: "higher",
      });
    } finally {
      await kms.close();
    }
    const http = await measureHttpEncrypt(progress, options);
    results.push(...http.results);
    ratios.push(...http.ratios);
    return { name: "kms", results, ratios, skipped: http.skipped };
  },
};

/** Encrypt where every call leaves its event before it is answered. What it opens goes with the process. */
async function encryptAudited(audit: AuditOption): Promise<() => Promise<unknown>> {
  const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore(), audit });
  const KeyId = (await kms.createKey({})).KeyMetadata?.KeyId;
  return () => kms.encrypt({ KeyId, Plaintext: plaintext });
}

/** What an application does that encrypts under a fresh key by itself. */
async function importAndEncrypt(data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  return crypto.subtle.encrypt(
    { name: "AES-GCM", iv: crypto.getRandomValues(new Uint8Array(12)) },
    key,
    data,
  );
}
