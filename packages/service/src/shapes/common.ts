/** Shapes that several operations share, with the constraints of AWS's API model (2014-11-01). */
import { blob, integer, listOf, mapOf, oneOf, required, type Shape, structure, text } from "./shape.ts";

export type DataKeySpec = "AES_256" | "AES_128";
export type DryRunModifierType = "IGNORE_CIPHERTEXT";
type KeyEncryptionMechanism = "RSAES_OAEP_SHA_256";

/** A tag: a label with a value. */
export interface Tag {
  TagKey: string | undefined;
  TagValue: string | undefined;
}

/** An attested environment (a Nitro enclave, an instance with NitroTPM) that the answer shall be encrypted to. */
export interface RecipientInfo {
  KeyEncryptionAlgorithm?: KeyEncryptionMechanism | undefined;
  AttestationDocument?: Uint8Array | undefined;
}

export const keyId: Shape<string> = text({ minimum: 1, maximum: 2048 });
export const aliasName: Shape<string> = text({ minimum: 1, maximum: 256, pattern: "^[a-zA-Z0-9:/_-]+$" });
export const keyMaterialId: Shape<string> = text({ minimum: 64, maximum: 64, pattern: "^[a-f0-9]+$" });
export const region: Shape<string> = text({ minimum: 1, maximum: 32, pattern: "^([a-z]+-){2,3}\\d+$" });
export const policy: Shape<string> = text({
  minimum: 1,
  maximum: 131_072,
  pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
});
export const description: Shape<string> = text({ maximum: 8192 });
export const plaintext: Shape<Uint8Array> = blob(1, 4096, true);
export const ciphertext: Shape<Uint8Array> = blob(1, 6144);
export const publicKey: Shape<Uint8Array> = blob(1, 8192);
export const encryptionContext: Shape<Record<string, string>> = mapOf(text());
export const grantId: Shape<string> = text({ minimum: 1, maximum: 128 });
export const grantToken: Shape<string> = text({ minimum: 1, maximum: 8192 });
export const grantTokens: Shape<string[]> = listOf(grantToken, { maximum: 10 });
export const limit: Shape<number> = integer(1, 1000);
export const marker: Shape<string> = text({ minimum: 1, maximum: 1024, pattern: "[\\u0020-\\u00FF]*" });
export const numberOfBytes: Shape<number> = integer(1, 1024);
export const dataKeySpec: Shape<DataKeySpec> = oneOf(["AES_256", "AES_128"]);
export const tagKey: Shape<string> = text({ minimum: 1, maximum: 128 });
export const dryRunModifiers: Shape<DryRunModifierType[]> = listOf(oneOf(["IGNORE_CIPHERTEXT"]));
export const customKeyStoreId: Shape<string> = text({ minimum: 1, maximum: 64 });

export const tags: Shape<Tag[]> = listOf(
  structure<Tag>({ TagKey: required(tagKey), TagValue: required(text({ maximum: 256 })) }),
);

export const recipient: Shape<RecipientInfo> = structure<RecipientInfo>({
  KeyEncryptionAlgorithm: { shape: oneOf(["RSAES_OAEP_SHA_256"]), required: false },
  AttestationDocument: { shape: blob(1, 262_144), required: false },
});
