import type { ECDH } from "@noble/curves/abstract/weierstrass.js";
import type { KeyPairSpec } from "../key-pair.ts";

/** A short Weierstrass curve of cofactor 1, as keys name it. */
export interface NamedCurve {
  readonly keySpec: KeyPairSpec;
  /** contents of the curve's OBJECT IDENTIFIER */
  readonly objectIdentifier: Uint8Array;
  /** its arithmetic, and its checks of points and scalars */
  readonly arithmetic: ECDH;
  /** bytes of a field element, which are those of a private key too */
  readonly fieldLength: number;
}
