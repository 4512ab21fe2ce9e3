/** KMSLite on Deno, with Deno KV as its store. `kmslite/node` works there too. */

export {
  type DenoKv,
  type DenoKvStoreOptions,
  denoKvStore,
} from "@kmslite/store/deno-kv";
export * from "../index.ts";
