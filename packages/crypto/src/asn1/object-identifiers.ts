/** Contents of the OBJECT IDENTIFIERs of keys, each beside its dotted form and its source. */

/** id-ecPublicKey, 1.2.840.10045.2.1 (RFC 5480 §2.1.1) */
export const EC_PUBLIC_KEY: Uint8Array = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);

/** secp256r1, 1.2.840.10045.3.1.7 (RFC 5480 §2.1.1.1) */
export const SECP256R1: Uint8Array = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07);

/** secp384r1, 1.3.132.0.34 (RFC 5480 §2.1.1.1) */
export const SECP384R1: Uint8Array = Uint8Array.of(0x2b, 0x81, 0x04, 0x00, 0x22);

/** secp521r1, 1.3.132.0.35 (RFC 5480 §2.1.1.1) */
export const SECP521R1: Uint8Array = Uint8Array.of(0x2b, 0x81, 0x04, 0x00, 0x23);

/** secp256k1, 1.3.132.0.10 (SEC 2 §A.2.1) */
export const SECP256K1: Uint8Array = Uint8Array.of(0x2b, 0x81, 0x04, 0x00, 0x0a);

/** id-Ed25519, 1.3.101.112 (RFC 8410 §3) */
export const ED25519: Uint8Array = Uint8Array.of(0x2b, 0x65, 0x70);

/** id-ml-dsa-44, 2.16.840.1.101.3.4.3.17 (RFC 9881 §2) */
export const ML_DSA_44: Uint8Array = Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11);

/** id-ml-dsa-65, 2.16.840.1.101.3.4.3.18 (RFC 9881 §2) */
export const ML_DSA_65: Uint8Array = Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12);

/** id-ml-dsa-87, 2.16.840.1.101.3.4.3.19 (RFC 9881 §2) */
export const ML_DSA_87: Uint8Array = Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13);

/** id-alg-ml-kem-512, 2.16.840.1.101.3.4.4.1 (RFC 9935 §3) */
export const ML_KEM_512: Uint8Array = Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04, 0x01);

/** id-alg-ml-kem-768, 2.16.840.1.101.3.4.4.2 (RFC 9935 §3) */
export const ML_KEM_768: Uint8Array = Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04, 0x02);

/** id-alg-ml-kem-1024, 2.16.840.1.101.3.4.4.3 (RFC 9935 §3) */
export const ML_KEM_1024: Uint8Array = Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04, 0x03);

/** rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017 appendix C) */
export const RSA_ENCRYPTION: Uint8Array = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01);

/** sm2p256v1, 1.2.156.10197.1.301 (GB/T 33560-2017, RFC 8998 §3.2.1) */
export const SM2_CURVE: Uint8Array = Uint8Array.of(0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d);
