/**
 * Request quotas: a token bucket for each quota of each account in each Region, in the memory of this process. It holds what
 * one second grants, and one request at least. The account of the caller pays, whoever owns the key.
 */
import type { Caller } from "../caller.ts";
import type { KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";

/**
 * Requests per second, by name: of an operation (`CreateKey`), of all cryptographic operations on keys of a kind
 * (`Cryptographic operations (symmetric)`, `(RSA)`, `(ECC and SM2)`, `(ML-DSA)`), of data key pairs of a spec
 * (`GenerateDataKeyPair (RSA_2048)`), or of one custom key store (`Custom key store`). What is not named has no quota.
 */
export type RequestQuotas = Readonly<Record<string, number>>;

interface Bucket {
  readonly rate: number;
  readonly capacity: number;
  tokens: number;
  at: number;
}

/** Operations that are paid for when their key is known. */
const CRYPTOGRAPHIC: ReadonlySet<string> = new Set([
  "Decapsulate",
  "Decrypt",
  "DeriveSharedSecret",
  "Encapsulate",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateMac",
  "ReEncrypt",
  "Sign",
  "Verify",
  "VerifyMac",
]);

const DATA_KEY_PAIR = /^GenerateDataKeyPair/;

/** What new key material costs a custom key store, in requests. */
const GENERATING_COST = 3;

export class RequestThrottle {
  readonly #quotasOf: (region: string) => RequestQuotas;
  readonly #clock: () => number;
  readonly #places = new Map<
    string,
    { readonly quotas: RequestQuotas; readonly buckets: Map<string, Bucket> }
  >();

  /** @param quotasOf the quotas in a Region */
  constructor(quotasOf: (region: string) => RequestQuotas, clock: () => number) {
    this.#quotasOf = quotasOf;
    this.#clock = clock;
  }

  /** Pays for a request; for a cryptographic one only what does not depend on its key. @throws {KmsError} ThrottlingException */
  payForRequest(operation: string, request: Readonly<Record<string, unknown>>, caller: Caller): void {
    if (CRYPTOGRAPHIC.has(operation)) return;
    if (operation === "GenerateRandom") this.#pay("Cryptographic operations (symmetric)", caller, 1);
    else if (DATA_KEY_PAIR.test(operation))
      this.#pay(`GenerateDataKeyPair (${String(request["KeyPairSpec"])})`, caller, 1);
    else this.#pay(operation, caller, 1);
  }

  /** Pays for the use of a key, and for that of the custom key store that it is in. @throws {KmsError} ThrottlingException */
  payForKey(operation: string, key: KeyRecord, caller: Caller): void {
    if (!CRYPTOGRAPHIC.has(operation)) return;
    this.#pay(`Cryptographic operations (${kindOf(key.keySpec)})`, caller, 1);
    if (key.customKeyStoreId === undefined) return;
    const cost = operation.startsWith("Generate") ? GENERATING_COST : 1;
    this.#pay("Custom key store", caller, cost, ` ${key.customKeyStoreId}`);
  }

  #pay(quota: string, caller: Caller, cost: number, of = ""): void {
    const bucket = this.#bucket(quota, caller, of);
    if (bucket === undefined) return;
    const now = this.#clock();
    const passed = Math.max(0, now - bucket.at) / 1000;
    bucket.tokens = Math.min(bucket.capacity, bucket.tokens + passed * bucket.rate);
    bucket.at = now;
    if (bucket.tokens < cost) {
      throw new KmsError(
        "ThrottlingException",
        "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
      );
    }
    bucket.tokens -= cost;
  }

  #bucket(quota: string, { accountId, region }: Caller, of: string): Bucket | undefined {
    const name = `${accountId} ${region}`;
    let place = this.#places.get(name);
    if (place === undefined) {
      place = { quotas: this.#quotasOf(region), buckets: new Map() };
      this.#places.set(name, place);
    }
    const rate = Object.hasOwn(place.quotas, quota) ? place.quotas[quota] : undefined;
    if (rate === undefined) return undefined;
    let bucket = place.buckets.get(quota + of);
    if (bucket === undefined) {
      const capacity = Math.max(1, rate);
      bucket = { rate, capacity, tokens: capacity, at: this.#clock() };
      place.buckets.set(quota + of, bucket);
    }
    return bucket;
  }
}

/** The kind of a key spec in the names of the quotas. Keys for MACs are symmetric too. */
function kindOf(keySpec: string): string {
  if (keySpec === "SYMMETRIC_DEFAULT" || keySpec.startsWith("HMAC_")) return "symmetric";
  if (keySpec.startsWith("RSA_")) return "RSA";
  if (keySpec.startsWith("ML_DSA_")) return "ML-DSA";
  return keySpec.startsWith("ML_KEM_") ? "ML-KEM" : "ECC and SM2";
}
