/** Signature Version 4: who sent this request, and is it as they sent it. */
export { type CalculatedSignature, calculateSignature } from "./calculate-signature.ts";
export type { CredentialScope } from "./canonical-request.ts";
export { SignatureError, type SignatureErrorName } from "./error.ts";
export type { SignatureTerms } from "./signature-input.ts";
export type { Credential, SignedRequest, VerifiedRequest, Verifier, VerifierOptions } from "./types.ts";
export { createVerifier } from "./verifier.ts";
