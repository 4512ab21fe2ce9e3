/** A user's session on a PKCS#11 token, with keys named by their labels. */
import { HsmError, type HsmSession } from "@kmslite/service/key-stores";
import type { AesGCM, Handle, Mechanism, PKCS11 } from "pkcs11js";
import { withErrors } from "./errors.ts";

/** `pkcs11js`, with what it names by number. */
export type Pkcs11Constants = typeof import("pkcs11js");

const KEY_LENGTH = 32;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;

/** Logs in; @throws the library's error if it can't */
export function openSession(
  pkcs11: PKCS11,
  constants: Pkcs11Constants,
  slot: Handle,
  pin: string,
): HsmSession {
  const session = pkcs11.C_OpenSession(slot, constants.CKF_SERIAL_SESSION | constants.CKF_RW_SESSION);
  try {
    pkcs11.C_Login(session, constants.CKU_USER, pin);
  } catch (error) {
    pkcs11.C_CloseSession(session);
    throw error;
  }

  const find = (label: string): Handle | undefined => {
    pkcs11.C_FindObjectsInit(session, [
      { type: constants.CKA_CLASS, value: constants.CKO_SECRET_KEY },
      { type: constants.CKA_LABEL, value: label },
    ]);
    try {
      return pkcs11.C_FindObjects(session, 1)[0];
    } finally {
      pkcs11.C_FindObjectsFinal(session);
    }
  };
  const existing = (label: string): Handle => {
    const key = find(label);
    if (key === undefined) throw new HsmError("KeyNotFound", `The token has no key ${label}`);
    return key;
  };
  const gcm = (iv: Uint8Array, aad: Uint8Array): Mechanism => {
    const parameter: AesGCM = {
      type: constants.CK_PARAMS_AES_GCM,
      iv: Buffer.from(iv),
      aad: Buffer.from(aad),
      ivBits: iv.length * 8,
      tagBits: TAG_LENGTH * 8,
    };
    return { mechanism: constants.CKM_AES_GCM, parameter };
  };
  const random = (length: number): Uint8Array =>
    new Uint8Array(pkcs11.C_GenerateRandom(session, Buffer.alloc(length)));

  return {
    generateKey: async (label) =>
      withErrors(() => {
        pkcs11.C_GenerateKey(session, { mechanism: constants.CKM_AES_KEY_GEN }, [
          { type: constants.CKA_LABEL, value: label },
          { type: constants.CKA_CLASS, value: constants.CKO_SECRET_KEY },
          { type: constants.CKA_KEY_TYPE, value: constants.CKK_AES },
          { type: constants.CKA_VALUE_LEN, value: KEY_LENGTH },
          { type: constants.CKA_TOKEN, value: true },
          { type: constants.CKA_PRIVATE, value: true },
          { type: constants.CKA_SENSITIVE, value: true },
          { type: constants.CKA_EXTRACTABLE, value: false },
          { type: constants.CKA_ENCRYPT, value: true },
          { type: constants.CKA_DECRYPT, value: true },
        ]);
      }),
    encrypt: async (label, plaintext, aad) =>
      withErrors(() => {
        const iv = random(IV_LENGTH);
        pkcs11.C_EncryptInit(session, gcm(iv, aad), existing(label));
        const output = Buffer.alloc(plaintext.length + TAG_LENGTH);
        const sealed = new Uint8Array(pkcs11.C_Encrypt(session, Buffer.from(plaintext), output));
        const ciphertext = sealed.slice(0, plaintext.length);
        return { metadata: new Uint8Array(0), iv, tag: sealed.slice(plaintext.length), ciphertext };
      }),
    decrypt: async (label, { iv, ciphertext, tag }, aad) => {
      const key = withErrors(() => existing(label));
      try {
        pkcs11.C_DecryptInit(session, gcm(iv, aad), key);
        const sealed = Buffer.concat([ciphertext, tag]);
        return new Uint8Array(pkcs11.C_Decrypt(session, sealed, Buffer.alloc(sealed.length)));
      } catch (error) {
        return withErrors(() => {
          // SoftHSM tells a wrong tag as a general error (CKR_GENERAL_ERROR).
          if ((error as { readonly code?: unknown }).code === constants.CKR_GENERAL_ERROR) {
            throw new HsmError("InvalidCiphertext", "The ciphertext does not authenticate", { cause: error });
          }
          throw error;
        });
      }
    },
    destroyKey: async (label) =>
      withErrors(() => {
        const key = find(label);
        if (key !== undefined) pkcs11.C_DestroyObject(session, key);
      }),
    random: async (length) => withErrors(() => random(length)),
    close: async () =>
      withErrors(() => {
        pkcs11.C_Logout(session);
        pkcs11.C_CloseSession(session);
      }),
  };
}
