import { keyArn } from "../arn.ts";
import type { KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { sealImportToken } from "../import/import-tokens.ts";
import { makeWrappingKey, type WrappingAlgorithm, type WrappingKeySpec } from "../import/wrapping-keys.ts";
import { together } from "../mutations.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { DAY } from "../schedule/due-work.ts";
import { keyId } from "../shapes/common.ts";
import { oneOf, required } from "../shapes/shape.ts";

export type { WrappingKeySpec };
export type AlgorithmSpec = "RSAES_PKCS1_V1_5" | WrappingAlgorithm;

export interface GetParametersForImportRequest {
  KeyId: string | undefined;
  WrappingAlgorithm: AlgorithmSpec | undefined;
  WrappingKeySpec: WrappingKeySpec | undefined;
}

export interface GetParametersForImportResponse {
  KeyId?: string | undefined;
  ImportToken?: Uint8Array | undefined;
  PublicKey?: Uint8Array | undefined;
  ParametersValidTo?: Date | undefined;
}

/** How long public key and token are valid, in milliseconds. */
const VALIDITY = DAY;

/** Makes a key to wrap material under, and the token that goes with it: for one KMS key and 24 hours. */
export const getParametersForImport: Operation<
  GetParametersForImportRequest,
  GetParametersForImportResponse
> = keyOperation("GetParametersForImport", {
  input: {
    KeyId: required(keyId),
    WrappingAlgorithm: required(
      oneOf([
        ...(["RSAES_PKCS1_V1_5", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"] as const),
        ...(["RSA_AES_KEY_WRAP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256", "SM2PKE"] as const),
      ]),
    ),
    WrappingKeySpec: required(oneOf(["RSA_2048", "RSA_3072", "RSA_4096", "SM2"])),
  },
  origins: ["EXTERNAL"],
  allowedIn: ["Enabled", "Disabled", "PendingImport"],
  run: async (call, input, key) => {
    const { keySpec, algorithm } = wrappingOf(key.value, input.WrappingKeySpec, input.WrappingAlgorithm);
    const validTo = call.now + VALIDITY;
    const { wrappingKeyId, publicKey, mutation } = await makeWrappingKey(
      call.runtime,
      key.value,
      keySpec,
      algorithm,
      validTo,
    );
    await call.commit(together(mutation, { unchanged: [key.record] }));
    const arn = keyArn(key.value, key.value.keyId);
    return {
      KeyId: arn,
      ImportToken: sealImportToken(call.runtime.database, { wrappingKeyId, validTo, arn }),
      PublicKey: publicKey,
      ParametersValidTo: new Date(validTo),
    };
  },
});

/**
 * What of the API's choices there is for a key. PKCS #1 v1.5 is not offered any more; RSA private keys are too long for OAEP,
 * and a P-521 private key is for an RSA key of 2,048 bits; China has SM2 in place of AES key wrap.
 *
 * @throws {KmsError} UnsupportedOperationException
 */
function wrappingOf(
  key: KeyRecord,
  keySpec: WrappingKeySpec,
  algorithm: AlgorithmSpec,
): { readonly keySpec: WrappingKeySpec; readonly algorithm: WrappingAlgorithm } {
  if (algorithm !== "RSAES_PKCS1_V1_5" && isOffered(key, keySpec, algorithm)) return { keySpec, algorithm };
  throw new KmsError(
    "UnsupportedOperationException",
    `${algorithm} with ${keySpec} is not supported for ${key.keySpec} key material in ${key.region}.`,
  );
}

function isOffered(key: KeyRecord, keySpec: WrappingKeySpec, algorithm: WrappingAlgorithm): boolean {
  const china = key.region.startsWith("cn-");
  switch (algorithm) {
    case "SM2PKE":
      return china && keySpec === "SM2";
    case "RSAES_OAEP_SHA_1":
    case "RSAES_OAEP_SHA_256":
      if (key.keySpec === "ECC_NIST_P521" && keySpec === "RSA_2048") return false;
      return keySpec !== "SM2" && !key.keySpec.startsWith("RSA_");
    default:
      return keySpec !== "SM2" && !china;
  }
}
