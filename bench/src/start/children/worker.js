// A Worker with its keys in a Durable Object: the first request makes a key and a blob, any other decrypts that blob.
import { DurableObject } from "cloudflare:workers";
import module from "@kmslite/aead/gcm-simd.wasm";
import { createKms, durableObjectStore } from "kmslite/worker";

export class Keys extends DurableObject {
  async fetch() {
    const { storage } = this.ctx;
    const root = new Uint8Array(32).fill(7);
    this.kms ??= await createKms({ root, store: durableObjectStore(storage), module });
    const kept = await storage.get("bench-blob");
    if (kept === undefined) {
      const { KeyMetadata } = await this.kms.createKey({});
      const sealed = await this.kms.encrypt({
        KeyId: KeyMetadata.KeyId,
        Plaintext: new TextEncoder().encode("cold start"),
      });
      await storage.put("bench-blob", sealed.CiphertextBlob);
      return new Response("made");
    }
    const { Plaintext } = await this.kms.decrypt({ CiphertextBlob: kept });
    return new Response(new TextDecoder().decode(Plaintext));
  }
}

export default {
  fetch: (request, env) => env.KEYS.get(env.KEYS.idFromName("bench")).fetch(request),
};
