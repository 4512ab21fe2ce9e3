/**
 * Entry of workerd: one Durable Object runs the suite over its own storage, another serves the KMS protocol, and the Worker hands
 * requests to them. Compiling WebAssembly from bytes is forbidden here; the modules are imported.
 */
import relaxedSimd from "@kmslite/aead/gcm-relaxed-simd.wasm";
import scalar from "@kmslite/aead/gcm-scalar.wasm";
import simd from "@kmslite/aead/gcm-simd.wasm";
import { memoryStore } from "kmslite";
import {
  createKms,
  type DurableObjectStorage,
  durableObjectStore,
  kmsObject,
  rootKeyFromText,
} from "kmslite/worker";
import type { Platform, PlatformStore } from "../behaviours/platform.ts";
import { answer } from "../behaviours/suite.ts";

interface Namespace {
  idFromName(name: string): unknown;
  get(id: unknown): { fetch(request: Request): Promise<Response> };
}

/** What the driver binds. */
interface Env {
  readonly SUITE: Namespace;
  readonly KEYS: Namespace;
  readonly ROOT_KEY: string;
  readonly ACCESS_KEY_ID: string;
  readonly SECRET_ACCESS_KEY: string;
}

export class Suite {
  readonly #platform: Platform;

  constructor({ storage }: { readonly storage: DurableObjectStorage }, env: Env) {
    this.#platform = {
      stores: [durableObject(storage), memory],
      rootKey: async () => rootKeyFromText(env.ROOT_KEY),
      modules: { "wasm-simd": simd, "wasm-relaxed-simd": relaxedSimd, "wasm-scalar": scalar },
    };
  }

  async fetch(request: Request): Promise<Response> {
    return Response.json(await answer(this.#platform, await request.json()));
  }
}

export const Keys: ReturnType<typeof kmsObject<Env>> = kmsObject(async (env: Env, store) => ({
  kms: await createKms({ root: rootKeyFromText(env.ROOT_KEY), store, module: simd }),
  accessKeys: [{ accessKeyId: env.ACCESS_KEY_ID, secretAccessKey: env.SECRET_ACCESS_KEY }],
}));

export default {
  fetch: (request: Request, env: Env): Promise<Response> => {
    const namespace = new URL(request.url).pathname === "/suite" ? env.SUITE : env.KEYS;
    return namespace.get(namespace.idFromName("one")).fetch(request);
  },
};

const memory: PlatformStore = {
  name: "memory",
  create: async () => {
    const store = memoryStore();
    return { open: async () => store, dispose: async () => {} };
  },
};

/** An object has one storage, which is emptied for whoever comes next. */
function durableObject(storage: DurableObjectStorage): PlatformStore {
  const open = async () => durableObjectStore(storage);
  return {
    name: "Durable Object",
    create: async () => {
      await open();
      storage.sql.exec("DELETE FROM kmslite_record");
      return { open, dispose: async () => {} };
    },
    lasting: open,
  };
}
