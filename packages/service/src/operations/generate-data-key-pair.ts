import { keyArn } from "../arn.ts";
import {
  type DataKeyPairRequest,
  type DataKeyPairSpec,
  dataKeyPair,
  dataKeyPairMembers,
} from "../data-key-pairs.ts";
import { USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { type RecipientInfo, recipient } from "../shapes/common.ts";
import { optional } from "../shapes/shape.ts";

export interface GenerateDataKeyPairRequest extends DataKeyPairRequest {
  Recipient?: RecipientInfo | undefined;
}

export interface GenerateDataKeyPairResponse {
  PrivateKeyCiphertextBlob?: Uint8Array | undefined;
  /** DER of PKCS#8 (RFC 5958). */
  PrivateKeyPlaintext?: Uint8Array | undefined;
  CiphertextForRecipient?: Uint8Array | undefined;
  /** DER of SubjectPublicKeyInfo (RFC 5280 §4.1). */
  PublicKey?: Uint8Array | undefined;
  KeyId?: string | undefined;
  KeyPairSpec?: DataKeyPairSpec | undefined;
  KeyMaterialId?: string | undefined;
}

/** Makes a key pair for use elsewhere: its private key in plaintext to use, and encrypted to keep. */
export const generateDataKeyPair: Operation<GenerateDataKeyPairRequest, GenerateDataKeyPairResponse> =
  keyOperation("GenerateDataKeyPair", {
    input: { ...dataKeyPairMembers, Recipient: optional(recipient) },
    allowedIn: USABLE,
    cryptographic: true,
    usage: "ENCRYPT_DECRYPT",
    run: async (call, input, { value: key }) => {
      const { privateKey, privateKeyBlob, publicKey } = await dataKeyPair(call, key, input);
      return {
        PrivateKeyCiphertextBlob: privateKeyBlob,
        ...(call.recipient === undefined
          ? { PrivateKeyPlaintext: privateKey }
          : await call.recipient.seal(privateKey)),
        PublicKey: publicKey,
        KeyId: keyArn(key, key.keyId),
        KeyPairSpec: input.KeyPairSpec,
        KeyMaterialId: key.keyMaterialId,
      };
    },
  });
