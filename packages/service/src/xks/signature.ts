/**
 * AWS Signature Version 4 on requests to an external key store proxy (XKS Proxy API v1.0, Appendix A): service `kms-xks-proxy`,
 * signed headers `host` and `x-amz-date`, no query.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const ALGORITHM = "AWS4-HMAC-SHA256";
const SERVICE = "kms-xks-proxy";
const SIGNED_HEADERS = "host;x-amz-date";

/** What the KMS signs with. */
export interface XksCredential {
  readonly accessKeyId: string;
  /** UTF-8 of the secret access key; 43 to 64 bytes. */
  readonly secretAccessKey: Uint8Array;
}

/**
 * The headers that carry the signature of a POST request.
 *
 * @param path of the request; characters of `[a-zA-Z0-9/_.-]` only, which are their own canonical form
 * @param now  milliseconds since 1970
 */
export function signatureHeaders(
  { accessKeyId, secretAccessKey }: XksCredential,
  request: { readonly host: string; readonly path: string; readonly body: Uint8Array },
  region: string,
  now: number,
): { readonly "x-amz-date": string; readonly authorization: string } {
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  const date = timestamp.slice(0, 8);
  const scope = `${date}/${region}/${SERVICE}/aws4_request`;
  const canonicalRequest = [
    "POST",
    request.path,
    "",
    `host:${request.host}`,
    `x-amz-date:${timestamp}`,
    "",
    SIGNED_HEADERS,
    hashHex(request.body),
  ].join("\n");
  const stringToSign = [ALGORITHM, timestamp, scope, hashHex(utf8ToBytes(canonicalRequest))].join("\n");
  let key = concatBytes(utf8ToBytes("AWS4"), secretAccessKey);
  for (const step of [date, region, SERVICE, "aws4_request"]) {
    const next = hmac(sha256, key, utf8ToBytes(step));
    key.fill(0);
    key = next;
  }
  const signature = bytesToHex(hmac(sha256, key, utf8ToBytes(stringToSign)));
  key.fill(0);
  return {
    "x-amz-date": timestamp,
    authorization: `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${SIGNED_HEADERS}, Signature=${signature}`,
  };
}

function hashHex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}
