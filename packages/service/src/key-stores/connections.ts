/**
 * What this process has open to custom key stores. The store's record says whether a key store is connected; a process that has no
 * login to it yet, because another one connected it or because it was restarted, logs in when it first needs one.
 */
import { randomKeyId } from "@kmslite/hierarchy";
import type { Place } from "../arn.ts";
import type { Call } from "../call.ts";
import type { Runtime } from "../runtime.ts";
import type { RequestMetadata, XksProxy } from "../xks/client.ts";
import { HsmError, type HsmSession } from "./ports.ts";
import type { CloudHsmRecord, XksRecord } from "./records.ts";
import { Secrets } from "./secrets.ts";

/** How long AWS KMS waits for a proxy (XKS Proxy API v1.0). */
const XKS_TIMEOUT_MS = 250;

interface Login {
  readonly generation: number;
  readonly session: Promise<HsmSession>;
}

export class KeyStoreConnections {
  readonly #runtime: Runtime;
  readonly #secrets: Secrets;
  readonly #logins = new Map<string, Login>();

  private constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#secrets = new Secrets(runtime);
  }

  /** Those of a runtime; made when a custom key store is first used. */
  static of(runtime: Runtime): KeyStoreConnections {
    let connections = made.get(runtime);
    if (connections === undefined) {
      connections = new KeyStoreConnections(runtime);
      made.set(runtime, connections);
      runtime.beforeClose(() => connections?.close() ?? Promise.resolve());
    }
    return connections;
  }

  /**
   * The login to a cluster.
   *
   * @throws {HsmError} `Unavailable` if there is no such cluster, and whatever the cluster refuses with
   */
  async session(place: Place, store: CloudHsmRecord): Promise<HsmSession> {
    const held = this.#logins.get(store.id);
    if (held?.generation === store.generation) return held.session;
    const login = { generation: store.generation, session: this.#login(place, store) };
    this.#logins.set(store.id, login);
    if (held !== undefined) await close(held);
    try {
      return await login.session;
    } catch (error) {
      if (this.#logins.get(store.id) === login) this.#logins.delete(store.id);
      throw error;
    }
  }

  /** Uses the login; one that turns out to be lost is given up, so that the next call logs in again. */
  async withSession<Value>(
    place: Place,
    store: CloudHsmRecord,
    use: (session: HsmSession) => Promise<Value>,
  ): Promise<Value> {
    const session = await this.session(place, store);
    try {
      return await use(session);
    } catch (error) {
      if (error instanceof HsmError && error.code === "Unavailable") await this.logout(store.id);
      throw error;
    }
  }

  /** Ends the login to a cluster, if there is one. */
  async logout(storeId: string): Promise<void> {
    const held = this.#logins.get(storeId);
    this.#logins.delete(storeId);
    if (held !== undefined) await close(held);
  }

  /** Uses the proxy of an external key store. */
  async withProxy<Value>(
    place: Place,
    store: XksRecord,
    use: (proxy: XksProxy) => Promise<Value>,
  ): Promise<Value> {
    const secretAccessKey = await this.#secrets.read(place, store.id, store.secretId);
    try {
      return await use(this.proxy(place.region, store, secretAccessKey));
    } finally {
      secretAccessKey.fill(0);
    }
  }

  /** A proxy by its settings, whether or not they are those of a key store already. */
  proxy(
    region: string,
    settings: Pick<XksRecord, "uriEndpoint" | "uriPath" | "accessKeyId">,
    secretAccessKey: Uint8Array,
  ): XksProxy {
    const { keyStores, clock } = this.#runtime;
    return {
      endpoint: settings.uriEndpoint,
      path: settings.uriPath,
      region,
      credential: { accessKeyId: settings.accessKeyId, secretAccessKey },
      fetch: keyStores.xksFetch ?? ((request) => fetch(request)),
      timeoutMs: keyStores.xksTimeoutMs ?? XKS_TIMEOUT_MS,
      clock,
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#logins.keys()].map((id) => this.logout(id)));
    this.#secrets.close();
  }

  async #login(place: Place, store: CloudHsmRecord): Promise<HsmSession> {
    const cluster = this.#runtime.keyStores.hsmCluster?.(store.clusterId);
    if (cluster === undefined) throw new HsmError("Unavailable", `There is no cluster ${store.clusterId}`);
    const password = await this.#secrets.read(place, store.id, store.secretId);
    try {
      return await cluster.connect(new TextDecoder().decode(password));
    } finally {
      password.fill(0);
    }
  }
}

const made = new WeakMap<Runtime, KeyStoreConnections>();

/** A cluster that went away can't be logged out of. */
async function close({ session }: Login): Promise<void> {
  try {
    await (await session).close();
  } catch {
    // Nothing is left to close.
  }
}

/** What a proxy is told of a call. */
export function requestMetadata(call: Call, kmsKeyArn?: string): RequestMetadata {
  return {
    awsPrincipalArn: call.caller.principal,
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
    kmsOperation: call.operation,
    kmsRequestId: randomKeyId(call.runtime.database.cryptography.random),
  };
}
