/** Root, domain, backing and data keys; key tokens; the ciphertext blob. */
export * from "./backing-key.ts";
export * from "./ciphertext-blob.ts";
export {
  type Cryptography,
  moduleCryptography,
  platformCryptography,
  platformRandom,
} from "./cryptography.ts";
export * from "./domain-keys.ts";
export * from "./encryption-context.ts";
export * from "./errors.ts";
export * from "./key-id.ts";
export * from "./keyring.ts";
export * from "./opaque-tokens.ts";
export * from "./root-keys/crypto-key-root-key.ts";
export * from "./root-keys/kms-root-key.ts";
export * from "./root-keys/passphrase-root-key.ts";
export * from "./root-keys/root-key.ts";
export * from "./root-keys/secret-root-key.ts";
