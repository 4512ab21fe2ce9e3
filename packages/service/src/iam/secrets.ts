/**
 * Secret access keys at rest. Each is wrapped by the domain key like the material of a KMS key, in a record among those of the backing
 * keys, so that it moves along when the domain key is rotated.
 */
import type { Mutation } from "@kmslite/store/authenticated";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { KeyIdentity } from "../backing-keys.ts";
import { backingKeyKey } from "../database/keys.ts";
import { type ReadyKey, ReadyKeys } from "../ready-keys.ts";
import type { Runtime } from "../runtime.ts";

/** How many are held in memory. */
const MAXIMUM_READY = 10_000;
const SECRET_ID_LENGTH = 32;

interface ReadySecret extends ReadyKey {
  readonly bytes: Uint8Array;
}

export class AccessKeySecrets {
  readonly #runtime: Runtime;
  readonly #ready = new ReadyKeys<ReadySecret>(MAXIMUM_READY);

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** A secret's id, and the record that keeps it, to be committed along with what names it. */
  keep(
    accountId: string,
    accessKeyId: string,
    secret: string,
  ): { readonly secretId: string; readonly mutation: Mutation } {
    const secretId = bytesToHex(this.#runtime.database.cryptography.random(SECRET_ID_LENGTH));
    const bytes = utf8ToBytes(secret);
    try {
      const { mutation } = this.#runtime.backingKeys.keep(
        identityOf(accountId, accessKeyId),
        secretId,
        bytes,
      );
      return { secretId, mutation };
    } finally {
      bytes.fill(0);
    }
  }

  /** What removes a secret. */
  async drop(accountId: string, accessKeyId: string, secretId: string): Promise<Mutation> {
    const place = backingKeyKey(identityOf(accountId, accessKeyId), secretId);
    const record = await this.#runtime.database.records.get(place);
    return record === undefined ? {} : { removals: [record] };
  }

  /** The secret; `undefined` if there is none. */
  async read(accountId: string, accessKeyId: string, secretId: string): Promise<string | undefined> {
    const identity = identityOf(accountId, accessKeyId);
    const secret = await this.#runtime.backingKeys.prepared(this.#ready, identity, secretId, (material) => {
      const bytes = material.slice();
      return { keyMaterialId: secretId, bytes, destroy: () => bytes.fill(0) };
    });
    return secret === undefined ? undefined : new TextDecoder().decode(secret.bytes);
  }

  forget(accessKeyId: string): void {
    this.#ready.forgetKey(accessKeyId);
  }

  close(): void {
    this.#ready.close();
  }
}

/** The token of a secret is bound to its access key and account, as that of a backing key is to its KMS key. */
function identityOf(accountId: string, accessKeyId: string): KeyIdentity {
  return {
    accountId,
    region: "iam",
    keyId: accessKeyId,
    keySpec: "ACCESS_KEY",
    keyUsage: "SIGN_REQUESTS",
    origin: "KMSLITE",
  };
}
