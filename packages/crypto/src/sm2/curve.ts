/** The curve sm2p256v1 (GB/T 32918.5-2017), over the arithmetic of `@noble/curves`. */
import { type ECDH, ecdh, type WeierstrassPoint, weierstrass } from "@noble/curves/abstract/weierstrass.js";
import { SM2_CURVE } from "../asn1/object-identifiers.ts";
import type { NamedCurve } from "../elliptic/named-curve.ts";

/** GB/T 32918.5-2017 §2. */
const PARAMETERS = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
};

/** Length in bytes of a coordinate, a private key and a half of a signature. */
export const SM2_LENGTH = 32;

export type Sm2Point = WeierstrassPoint<bigint>;

const arithmetic: ECDH = ecdh(weierstrass(PARAMETERS));

export const SM2_NAMED_CURVE: NamedCurve = {
  keySpec: "SM2",
  objectIdentifier: SM2_CURVE,
  arithmetic,
  fieldLength: SM2_LENGTH,
};

/** a ‖ b ‖ Gx ‖ Gy, which every user's hash Z begins with after the user's name. */
export function curveAndBasePoint(): Uint8Array {
  const { Fp, BASE } = arithmetic.Point;
  const bytes = new Uint8Array(4 * SM2_LENGTH);
  bytes.set(Fp.toBytes(PARAMETERS.a));
  bytes.set(Fp.toBytes(PARAMETERS.b), SM2_LENGTH);
  bytes.set(BASE.toBytes(false).subarray(1), 2 * SM2_LENGTH);
  return bytes;
}
