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
