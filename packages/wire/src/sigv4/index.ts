/** Signature Version 4: who sent this request, and is it as they sent it. */
export { SignatureError, type SignatureErrorName } from "./error.ts";
export type { Credential, SignedRequest, VerifiedRequest, Verifier, VerifierOptions } from "./types.ts";
export { createVerifier } from "./verifier.ts";
