import { keyArn } from "../arn.ts";
import {
  type DataKeyPairRequest,
  type DataKeyPairSpec,
  dataKeyPair,
  dataKeyPairMembers,
} from "../data-key-pairs.ts";
import { USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";

export type GenerateDataKeyPairWithoutPlaintextRequest = DataKeyPairRequest;

export interface GenerateDataKeyPairWithoutPlaintextResponse {
  PrivateKeyCiphertextBlob?: Uint8Array | undefined;
  /** DER of SubjectPublicKeyInfo (RFC 5280 §4.1). */
  PublicKey?: Uint8Array | undefined;
  KeyId?: string | undefined;
  KeyPairSpec?: DataKeyPairSpec | undefined;
  KeyMaterialId?: string | undefined;
}

/** Makes a key pair whose private key is for later: encrypted only. */
export const generateDataKeyPairWithoutPlaintext: Operation<
  GenerateDataKeyPairWithoutPlaintextRequest,
  GenerateDataKeyPairWithoutPlaintextResponse
> = keyOperation("GenerateDataKeyPairWithoutPlaintext", {
  input: dataKeyPairMembers,
  allowedIn: USABLE,
  cryptographic: true,
  usage: "ENCRYPT_DECRYPT",
  run: async (call, input, { value: key }) => {
    const { privateKey, privateKeyBlob, publicKey } = await dataKeyPair(call, key, input);
    privateKey.fill(0);
    return {
      PrivateKeyCiphertextBlob: privateKeyBlob,
      PublicKey: publicKey,
      KeyId: keyArn(key, key.keyId),
      KeyPairSpec: input.KeyPairSpec,
      KeyMaterialId: key.keyMaterialId,
    };
  },
});
