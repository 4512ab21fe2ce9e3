/**
 * Signature Version 4 verification for every AWS service but Amazon S3: header form and presigned form.
 *
 * AWS IAM User Guide, "AWS Signature Version 4 for API requests". Strict where AWS leaves room: the body's
 * hash is always calculated (`UNSIGNED-PAYLOAD` and streaming hashes are no hashes of it), every header that
 * matters must be signed and must come once, each text has one accepted spelling. The checks are made in
 * the order in which AWS makes them, so that the first thing wrong is the one reported.
 */

import { parseAuthorizationHeader } from "./authorization-header.ts";
import { canonicalHeaders, groupHeaders, type HeaderValues } from "./canonical-headers.ts";
import { canonicalPath } from "./canonical-path.ts";
import { canonicalQuery, parseQuery, type QueryParameter } from "./canonical-query.ts";
import { canonicalRequest, hashHex, stringToSign, TERMINATOR } from "./canonical-request.ts";
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
import { refuseRepeatedHeaders, requireSignedHeaders } from "./required-headers.ts";
import { createSigningKeyCache, sign } from "./signing-key.ts";
import type { SignedRequest, Verifier, VerifierOptions } from "./types.ts";
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
    const headers = groupHeaders(request.headers);
    const { path, query } = parseUrl(request.url);
    const claim = readClaim(headers, query);
    refuseRepeatedHeaders(headers);
    const { signedAt, expiresAt } = requireCurrent(claim, options.clock(), maximumSkew);
    requireSignedHeaders(headers, claim.signedHeaders, claim.timestampHeader);
    const scope = parseCredential(claim.credential);
    requireScope(scope, claim.timestamp, options);

    const found = await options.credentials(scope.accessKeyId);
    // A directory that folds case, or forgives in any other way, must not make two names of one key.
    const credential = found?.accessKeyId === scope.accessKeyId ? found : undefined;
    const { accessKeyId, secretAccessKey } = credential ?? NOBODY;
    const canonical = canonicalize(request, path, query, headers, claim);
    const expected = sign(
      signingKeys(accessKeyId, secretAccessKey, scope),
      stringToSign(claim.timestamp, scope, canonical ?? ""),
    );
    const matches = equalTextConstantTime(expected, claim.signature) && canonical !== undefined;
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

function parseUrl(url: string): { path: string; query: readonly QueryParameter[] } {
  const question = url.indexOf("?");
  const query = parseQuery(question < 0 ? "" : url.slice(question + 1));
  if (!url.startsWith("/") || query === undefined) throw signatureMismatch();
  return { path: question < 0 ? url : url.slice(0, question), query };
}

function readClaim(headers: HeaderValues, query: readonly QueryParameter[]): SignatureClaim {
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

/** The canonical request, or undefined if the request has none that could have been signed. */
function canonicalize(
  { method, body }: SignedRequest,
  path: string,
  query: readonly QueryParameter[],
  headers: HeaderValues,
  { form, signedHeaders }: SignatureClaim,
): string | undefined {
  const payloadHash = hashHex(body);
  const statedHashes = [
    ...(headers.get("x-amz-content-sha256") ?? []),
    ...query.filter(({ name }) => name === "X-Amz-Content-Sha256").map(({ value }) => value),
  ];
  const headerBlock = canonicalHeaders(headers, signedHeaders);
  if (headerBlock === undefined || !/^[A-Z]+$/.test(method)) return undefined;
  if (!statedHashes.every((stated) => stated === payloadHash)) return undefined;
  return canonicalRequest({
    method,
    path: canonicalPath(path),
    query: canonicalQuery(query, form === "query" ? "X-Amz-Signature" : undefined),
    headers: headerBlock,
    signedHeaders,
    payloadHash,
  });
}
