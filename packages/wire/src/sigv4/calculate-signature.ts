/**
 * The signature of a request under a secret, with its intermediate values.
 *
 * For comparing with another implementation, step by step: the official test suite gives all three.
 */
import { takeApart } from "./request-parts.ts";
import { type SignatureInput, type SignatureTerms, signatureInput } from "./signature-input.ts";
import { deriveSigningKey, sign } from "./signing-key.ts";
import type { SignedRequest } from "./types.ts";

export interface CalculatedSignature extends SignatureInput {
  /** 64 lower-case hexadecimal digits */
  readonly signature: string;
}

/**
 * @param request  with everything that is signed already in it
 * @returns        undefined if the request has no canonical form: a malformed query, a signed header that is
 *                 absent or not printable ASCII, a method that is not in capital letters
 */
export function calculateSignature(
  secretAccessKey: string,
  request: SignedRequest,
  terms: SignatureTerms,
): CalculatedSignature | undefined {
  const parts = takeApart(request);
  const input = parts === undefined ? undefined : signatureInput(parts, terms);
  if (input === undefined) return undefined;
  return { ...input, signature: sign(deriveSigningKey(secretAccessKey, terms.scope), input.stringToSign) };
}
