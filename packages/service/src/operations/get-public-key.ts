import { keyArn } from "../arn.ts";
import { type KeyMetadata, keySpecs, usableAlgorithms } from "../key-metadata.ts";
import { publicKeyOf } from "../key-pairs.ts";
import { assertKeyPair, USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { grantTokens, keyId } from "../shapes/common.ts";
import { optional, required } from "../shapes/shape.ts";

export interface GetPublicKeyRequest {
  KeyId: string | undefined;
  GrantTokens?: string[] | undefined;
}

export interface GetPublicKeyResponse
  extends Pick<
    KeyMetadata,
    | "CustomerMasterKeySpec"
    | "KeySpec"
    | "KeyUsage"
    | "EncryptionAlgorithms"
    | "SigningAlgorithms"
    | "KeyAgreementAlgorithms"
    | "EncapsulationAlgorithms"
  > {
  KeyId?: string | undefined;
  /** DER of SubjectPublicKeyInfo (RFC 5280 §4.1). */
  PublicKey?: Uint8Array | undefined;
}

/** Gives the public key of a key pair, with what it may be used for. */
export const getPublicKey: Operation<GetPublicKeyRequest, GetPublicKeyResponse> = keyOperation(
  "GetPublicKey",
  {
    input: { KeyId: required(keyId), GrantTokens: optional(grantTokens) },
    allowedIn: USABLE,
    cryptographic: true,
    run: async (call, _input, { value: key }) => {
      assertKeyPair(key);
      const { bytes } = await publicKeyOf(call.runtime, key);
      return {
        KeyId: keyArn(key, key.keyId),
        PublicKey: bytes.slice(),
        ...keySpecs(key.keySpec),
        KeyUsage: key.keyUsage,
        ...usableAlgorithms(key),
      };
    },
  },
);
