/**
 * KMSLite on Cloudflare Workers: a Durable Object holds the keys, and a Worker hands requests to it.
 *
 * @example
 * ```ts
 * import module from "@kmslite/aead/gcm-simd.wasm";
 *
 * export const Keys = kmsObject(async (env: Env, store) => ({
 *   kms: await createKms({ root: rootKeyFromText(env.KMSLITE_ROOT_KEY), store, module }),
 *   accessKeys: [{ accessKeyId: env.ACCESS_KEY_ID, secretAccessKey: env.SECRET_ACCESS_KEY }],
 * }));
 * export default { fetch: (request, env) => env.KEYS.get(env.KEYS.idFromName("kms")).fetch(request) };
 * ```
 */

export { type DurableObjectStorage, durableObjectStore } from "@kmslite/store/durable-object";
export * from "../index.ts";
export { type KmsObject, type KmsObjectState, kmsObject, type OpenedForServing } from "./kms-object.ts";
