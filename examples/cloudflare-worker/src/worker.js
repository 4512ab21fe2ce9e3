// A KMS that any AWS SDK can call: the keys are in a Durable Object, and this Worker hands requests to it.
import module from "@kmslite/aead/gcm-simd.wasm";
import { createKms, kmsObject, rootKeyFromText } from "kmslite/worker";

export const Keys = kmsObject(async (env, store) => ({
  kms: await createKms({ root: rootKeyFromText(env.KMSLITE_ROOT_KEY), store, module }),
  accessKeys: [{ accessKeyId: env.KMSLITE_ACCESS_KEY_ID, secretAccessKey: env.KMSLITE_SECRET_ACCESS_KEY }],
}));

export default {
  fetch: (request, env) => env.KEYS.get(env.KEYS.idFromName("kms")).fetch(request),
};
