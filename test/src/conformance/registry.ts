/** Every conformance family, one line each. */
import { resolve } from "node:path";
import { nistGcm } from "./aead/nist-cavp.ts";
import { wycheproofGcm, wycheproofGmac } from "./aead/wycheproof.ts";
import { nistKbkdf } from "./kbkdf.ts";
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
  kmsKeyStates,
  kmsModel,
  { id: "sigv4", run: async (vectors) => [runSigv4(vectors)] },
];
