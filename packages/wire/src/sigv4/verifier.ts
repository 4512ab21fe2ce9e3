/**
 * Signature Version 4 verification for every AWS service but Amazon S3: header form and presigned form.
 *
 * AWS IAM User Guide, "AWS Signature Version 4 for API requests". Strict where AWS leaves room: the body's
 * hash is always calculated (`UNSIGNED-PAYLOAD` and streaming hashes are no hashes of it), every header that
 * matters must be signed and must come once, each text has one accepted spelling. The checks are made in
 * the order in which AWS makes them, so that the first thing wrong is the one reported.
 */

import { parseAuthorizationHeader } from "./authorization-header.ts";
import { TERMINATOR } from "./canonical-request.ts";
import { type ClaimedCredential, parseCredential, type SignatureClaim } from "./claim.ts";
import { equalTextConstantTime } from "./constant-time.ts";
import {
  expiredToken,
  invalidSignature,
  missingAuthentication,
  signatureMismatch,
  unrecognizedClient,
} from "./error.ts";
import { isPresigned, parsePresignedQuery } from "./presigned-query.ts";
import { takeApart } from "./request-parts.ts";
import { refuseRepeatedHeaders, requireSignedHeaders } from "./required-headers.ts";
import { type RequestParts, signatureInput } from "./signature-input.ts";
import { createSigningKeyCache, sign } from "./signing-key.ts";
import type { Verifier, VerifierOptions } from "./types.ts";
import { requireCurrent } from "./validity.ts";

/** AWS KMS accepts requests signed up to five minutes ago or ahead. */
const FIVE_MINUTES_MS = 300_000;

/** Stands in for an unknown key, so that refusing one costs what refusing a wrong signature costs. */
const NOBODY = { accessKeyId: "unknown access key", secretAccessKey: "no secret access key signs with this" };

/**
 * Makes a verifier. It remembers signing keys, so make one and keep it.
 *
 * @returns a function that gives the sender of a request, or throws a {@link SignatureError}
 *
 * @example
 * const verify = createVerifier({
 *   credentials: (accessKeyId) => directory.get(accessKeyId),
 *   service: "kms",
 *   regions: ["us-east-1"],
 *   clock: Date.now,
 * });
 * const { principal } = await verify({ method, url: "/", headers: request.headers, body });
 */
export function createVerifier<P>(options: VerifierOptions<P>): Verifier<P> {
  const signingKeys = createSigningKeyCache();
  const maximumSkew = options.maximumSkewMs ?? FIVE_MINUTES_MS;
  const unknownKey = options.concealUnknownKeys === true ? signatureMismatch : unrecognizedClient;

  return async (request) => {
    const parts = takeApart(request);
    if (parts === undefined) throw signatureMismatch();
    const { headers } = parts;
    const claim = readClaim(parts);
    refuseRepeatedHeaders(headers);
    const { signedAt, expiresAt } = requireCurrent(claim, options.clock(), maximumSkew);
    requireSignedHeaders(headers, claim.signedHeaders, claim.timestampHeader);
    const scope = parseCredential(claim.credential);
    requireScope(scope, claim.timestamp, options);

    const found = await options.credentials(scope.accessKeyId, claim.sessionToken);
    // A directory that folds case, or forgives in any other way, must not make two names of one key.
    const credential = found?.accessKeyId === scope.accessKeyId ? found : undefined;
    const { accessKeyId, secretAccessKey } = credential ?? NOBODY;
    const input = signatureInput(parts, { ...claim, scope });
    // Calculated whatever is already known to be wrong, so that the time taken does not tell.
    const expected = sign(signingKeys(accessKeyId, secretAccessKey, scope), input?.stringToSign ?? "");
    const matches = equalTextConstantTime(expected, claim.signature) && input !== undefined;
    if (credential === undefined) throw unknownKey();
    if (!matches) throw signatureMismatch();
    // Compared even where neither side has a token, and "" is no token: absent and empty are not the same.
    const sameToken = equalTextConstantTime(credential.sessionToken ?? "", claim.sessionToken ?? "");
    if (!sameToken || (credential.sessionToken === undefined) !== (claim.sessionToken === undefined)) {
      throw unknownKey();
    }
    if (credential.expiresAt !== undefined && options.clock() >= credential.expiresAt) throw expiredToken();
    if (options.replayGuard !== undefined && !(await options.replayGuard(expected, expiresAt))) {
      throw invalidSignature("The signature was used before; every request needs its own.");
    }

    const { region, service } = scope;
    const { form, signedHeaders } = claim;
    return { principal: credential.principal, accessKeyId, region, service, form, signedAt, signedHeaders };
  };
}

function readClaim({ headers, query }: RequestParts): SignatureClaim {
  const [authorization, ...others] = headers.get("authorization") ?? [];
  if (isPresigned(query)) {
    if (authorization === undefined) return parsePresignedQuery(query, headers);
    throw invalidSignature(
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  if (authorization === undefined) throw missingAuthentication();
  if (others.length > 0) throw invalidSignature("Header 'authorization' must have exactly one value.");
  return parseAuthorizationHeader(authorization, headers);
}

function requireScope(scope: ClaimedCredential, timestamp: string, options: VerifierOptions<unknown>): void {
  const { regions, service } = options;
  const validRegion = typeof regions === "function" ? regions(scope.region) : regions.includes(scope.region);
  let wrong = "";
  if (!validRegion) wrong += `Credential should be scoped to a valid region, not '${scope.region}'. `;
  if (scope.service !== service) wrong += `Credential should be scoped to correct service: '${service}'. `;
  if (scope.terminator !== TERMINATOR) {
    wrong += `Credential should be scoped with a valid terminator: '${TERMINATOR}', not '${scope.terminator}'. `;
  }
  if (scope.date !== timestamp.slice(0, 8)) {
    wrong += "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP. ";
  }
  if (wrong !== "") throw invalidSignature(wrong);
}
