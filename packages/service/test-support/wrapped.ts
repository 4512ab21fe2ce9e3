/** Material wrapped for its import, by Node.js (OpenSSL) and not by us. */
import { constants, createCipheriv, createPublicKey, publicEncrypt, randomBytes } from "node:crypto";
import type { AlgorithmSpec, KmsMethods, WrappingKeySpec } from "../src/index.ts";

export interface Wrapping {
  readonly algorithm?: AlgorithmSpec;
  readonly keySpec?: WrappingKeySpec;
}

/** What ImportKeyMaterial takes. */
export interface Wrapped {
  readonly ImportToken: Uint8Array;
  readonly EncryptedKeyMaterial: Uint8Array;
}

/** Gets parameters and wraps material under them. */
export async function wrapped(
  kms: Pick<KmsMethods, "getParametersForImport">,
  KeyId: string,
  material: Uint8Array,
  { algorithm = "RSAES_OAEP_SHA_256", keySpec = "RSA_2048" }: Wrapping = {},
): Promise<Wrapped> {
  const parameters = await kms.getParametersForImport({
    KeyId,
    WrappingAlgorithm: algorithm,
    WrappingKeySpec: keySpec,
  });
  const { ImportToken = new Uint8Array(), PublicKey = new Uint8Array() } = parameters;
  return { ImportToken, EncryptedKeyMaterial: wrap(PublicKey, material, algorithm) };
}

/** Wraps material under a public key (DER of SubjectPublicKeyInfo). */
export function wrap(publicKey: Uint8Array, material: Uint8Array, algorithm: AlgorithmSpec): Uint8Array {
  const oaep = {
    key: createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" }),
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: algorithm.endsWith("SHA_1") ? "sha1" : "sha256",
  };
  if (algorithm.startsWith("RSAES")) return new Uint8Array(publicEncrypt(oaep, material));
  const aesKey = randomBytes(32);
  // The initial value of RFC 5649 §3.
  const wrapping = createCipheriv("id-aes256-wrap-pad", aesKey, Buffer.from("a65959a6", "hex"));
  const wrappedMaterial = Buffer.concat([wrapping.update(material), wrapping.final()]);
  return new Uint8Array(Buffer.concat([publicEncrypt(oaep, aesKey), wrappedMaterial]));
}
