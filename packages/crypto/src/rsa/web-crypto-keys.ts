/**
 * Web Crypto ties a key to one algorithm and one hash; the KMS uses one RSA key with eight of them. Each is imported
 * when it is first used, and kept.
 */
import { webCryptoBytes } from "../web-crypto-bytes.ts";
import type { RsaSignatureScheme } from "./hash.ts";

type RsaName = "RSA-PSS" | "RSASSA-PKCS1-v1_5" | "RSA-OAEP";

/** The Web Crypto keys of one RSA key. */
export interface RsaCryptoKeys {
  forScheme(scheme: RsaSignatureScheme): Promise<{
    readonly parameters: { readonly name: RsaName; readonly saltLength?: number };
    readonly key: CryptoKey;
  }>;
  /** @param hash as Web Crypto names it */
  forEncryption(hash: string): Promise<CryptoKey>;
  /** Lets go of all keys; none can be had afterwards. */
  forget(): void;
}

export function rsaCryptoKeys(load: (name: RsaName, hash: string) => Promise<CryptoKey>): RsaCryptoKeys {
  const kept = new Map<string, Promise<CryptoKey>>();
  let forgotten = false;
  const keyFor = (name: RsaName, hash: string): Promise<CryptoKey> => {
    if (forgotten) return Promise.reject(new Error("the key was destroyed"));
    const id = `${name}/${hash}`;
    const key = kept.get(id) ?? load(name, hash);
    kept.set(id, key);
    return key;
  };
  return {
    forScheme: async ({ padding, hash }) => {
      const name = padding === "PSS" ? "RSA-PSS" : "RSASSA-PKCS1-v1_5";
      const key = await keyFor(name, hash.name);
      return { key, parameters: padding === "PSS" ? { name, saltLength: hash.hash.outputLen } : { name } };
    },
    forEncryption: (hash) => keyFor("RSA-OAEP", hash),
    forget: () => {
      forgotten = true;
      kept.clear();
    },
  };
}

/** Imports a key that can't be exported again. */
export async function importRsaKey(
  format: "pkcs8" | "spki",
  bytes: Uint8Array,
  name: RsaName,
  hash: string,
  usage: KeyUsage,
): Promise<CryptoKey> {
  return await crypto.subtle.importKey(format, webCryptoBytes(bytes), { name, hash }, false, [usage]);
}
