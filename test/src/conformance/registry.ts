/** Every conformance family, one line each. */
import { resolve } from "node:path";
import { nistGcm } from "./aead/nist-cavp.ts";
import { wycheproofGcm, wycheproofGmac } from "./aead/wycheproof.ts";
import { wycheproofEcdh } from "./crypto/ecdh.ts";
import { wycheproofEcdsa } from "./crypto/ecdsa.ts";
import { wycheproofEd25519 } from "./crypto/ed25519.ts";
import { nistKeyWrap, wycheproofKeyWrap } from "./crypto/key-wrap.ts";
import { rfcMacs, wycheproofHkdf, wycheproofHmac } from "./crypto/macs.ts";
import { wycheproofMlDsaSign, wycheproofMlDsaVerify } from "./crypto/ml-dsa.ts";
import { wycheproofRsaOaep, wycheproofRsaPkcs1, wycheproofRsaPss, wycheproofRsaSign } from "./crypto/rsa.ts";
import { nistKbkdf } from "./kbkdf.ts";
import { kmsExamples } from "./kms/examples.ts";
import { kmsKeyStates } from "./kms/key-states.ts";
import { kmsModel } from "./kms/model.ts";
import type { Family } from "./result.ts";
import { runSigv4 } from "./sigv4.ts";

/** The vectors lie beside the checkout; they are never part of it. */
export const VECTORS: string = resolve(import.meta.dirname, "../../../../shared/vectors");

export const families: readonly Family[] = [
  wycheproofGcm,
  wycheproofGmac,
  nistGcm,
  nistKbkdf,
  nistKeyWrap,
  rfcMacs,
  wycheproofEcdh,
  wycheproofEcdsa,
  wycheproofEd25519,
  wycheproofHkdf,
  wycheproofHmac,
  wycheproofKeyWrap,
  wycheproofMlDsaSign,
  wycheproofMlDsaVerify,
  wycheproofRsaOaep,
  wycheproofRsaPkcs1,
  wycheproofRsaPss,
  wycheproofRsaSign,
  kmsKeyStates,
  kmsModel,
  kmsExamples,
  { id: "sigv4", run: async (vectors) => [runSigv4(vectors)] },
];
