/**
 * Passwords and proxy credentials at rest. Each is wrapped by the domain key like the material of a KMS key, in a record among
 * those of the backing keys, so that it moves along when the domain key is rotated. No KMS key names it.
 */
import type { Mutation } from "@kmslite/store/authenticated";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Place } from "../arn.ts";
import type { KeyIdentity } from "../backing-keys.ts";
import { backingKeyKey } from "../database/keys.ts";
import { KmsError } from "../errors.ts";
import { type ReadyKey, ReadyKeys } from "../ready-keys.ts";
import type { Runtime } from "../runtime.ts";

/** How many are held in memory. */
const MAXIMUM_READY = 100;
const SECRET_ID_LENGTH = 32;

interface ReadySecret extends ReadyKey {
  readonly bytes: Uint8Array;
}

/** Keeps a secret: its id, and the record to be committed along with what names it. */
export function keepSecret(
  runtime: Runtime,
  place: Place,
  storeId: string,
  secret: string,
): { readonly secretId: string; readonly mutation: Mutation } {
  const secretId = bytesToHex(runtime.database.cryptography.random(SECRET_ID_LENGTH));
  const bytes = utf8ToBytes(secret);
  try {
    const { mutation } = runtime.backingKeys.keep(identityOf(place, storeId), secretId, bytes);
    return { secretId, mutation };
  } finally {
    bytes.fill(0);
  }
}

/** Removes a secret that nothing names any more. */
export async function dropSecret(
  runtime: Runtime,
  place: Place,
  storeId: string,
  secretId: string,
): Promise<Mutation> {
  const record = await runtime.database.records.get(backingKeyKey(identityOf(place, storeId), secretId));
  return record === undefined ? {} : { removals: [record] };
}

/** The secrets that this process uses, in memory. */
export class Secrets {
  readonly #runtime: Runtime;
  readonly #ready = new ReadyKeys<ReadySecret>(MAXIMUM_READY);

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** UTF-8 of the secret: a copy, the caller's to wipe. */
  async read(place: Place, storeId: string, secretId: string): Promise<Uint8Array> {
    const identity = identityOf(place, storeId);
    const secret = await this.#runtime.backingKeys.prepared(this.#ready, identity, secretId, (material) => {
      const bytes = material.slice();
      return { keyMaterialId: secretId, bytes, destroy: () => bytes.fill(0) };
    });
    if (secret === undefined) {
      throw new KmsError("KMSInternalException", `The secret of the custom key store ${storeId} is missing`);
    }
    return secret.bytes.slice();
  }

  close(): void {
    this.#ready.close();
  }
}

/** The token of a secret is bound to its key store as that of a backing key is to its KMS key. */
function identityOf({ accountId, region }: Place, storeId: string): KeyIdentity {
  return {
    accountId,
    region,
    keyId: storeId,
    keySpec: "SYMMETRIC_DEFAULT",
    keyUsage: "ENCRYPT_DECRYPT",
    origin: "EXTERNAL",
  };
}
