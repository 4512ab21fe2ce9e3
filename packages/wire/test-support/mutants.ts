/**
 * Signed requests and what becomes of them when anything is changed, for tests and long runs.
 */
import { calculateSignature } from "../src/sigv4/calculate-signature.ts";
import { formatScope } from "../src/sigv4/canonical-request.ts";
import { SignatureError } from "../src/sigv4/error.ts";
import type { SignedRequest, Verifier } from "../src/sigv4/types.ts";
import { createVerifier } from "../src/sigv4/verifier.ts";

export const NOW: number = Date.UTC(2026, 0, 1, 12, 0, 0);
const TIMESTAMP = "20260101T120000Z";
const SCOPE = { date: "20260101", region: "us-east-1", service: "kms" };
/** Every access key exists and has its own secret: in the header form nothing else binds its id. */
const secretOf = (accessKeyId: string) => `wJalrXUtnFEMI/K7MDENG+bPxRfiCY${accessKeyId}`;
export const SECRET: string = secretOf("AKIDEXAMPLE");
export const TOKEN: string = "AQoDYXdzEPT//////////wEXAMPLE+token==";

export const verify: Verifier<string> = createVerifier({
  credentials: (accessKeyId) => ({
    accessKeyId,
    secretAccessKey: secretOf(accessKeyId),
    sessionToken: TOKEN,
    principal: accessKeyId,
  }),
  service: "kms",
  // Every Region too, so that a changed scope is refused because it was not the one signed.
  regions: () => true,
  clock: () => NOW,
});

export interface Unsigned {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

export function signInHeader({ method, path, query, headers, body }: Unsigned): SignedRequest {
  const all = [
    ...headers,
    ["Host", "localhost:8080"],
    ["X-Amz-Date", TIMESTAMP],
    ["X-Amz-Security-Token", TOKEN],
  ] as const;
  const signedHeaders = all.map(([name]) => name.toLowerCase()).sort();
  const request = { method, url: query === "" ? path : `${path}?${query}`, headers: all, body };
  const terms = { form: "header", scope: SCOPE, timestamp: TIMESTAMP, signedHeaders } as const;
  const signature = calculateSignature(SECRET, request, terms)?.signature;
  const authorization =
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${formatScope(SCOPE)}, ` +
    `SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return { ...request, headers: [...all, ["Authorization", authorization]] };
}

export function presign({ method, path, query, headers, body }: Unsigned): SignedRequest {
  const all = [...headers, ["host", "localhost:8080"]] as const;
  const signedHeaders = all.map(([name]) => name.toLowerCase()).sort();
  const parameters = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `AKIDEXAMPLE/${formatScope(SCOPE)}`,
    "X-Amz-Date": TIMESTAMP,
    "X-Amz-Expires": "900",
    "X-Amz-Security-Token": TOKEN,
    "X-Amz-SignedHeaders": signedHeaders.join(";"),
  };
  const url = [
    `${path}?${query}`,
    ...Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
  ]
    .join("&")
    .replace("?&", "?");
  const request = { method, url, headers: all, body };
  const terms = { form: "query", scope: SCOPE, timestamp: TIMESTAMP, signedHeaders } as const;
  const signature = calculateSignature(SECRET, request, terms)?.signature;
  return { ...request, url: `${url}&X-Amz-Signature=${signature}` };
}

const flip = (text: string, index: number, bit: number): string =>
  text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ (1 << bit)) + text.slice(index + 1);

/** Every request that differs from this one in one bit of one character or byte. */
export function* mutants(request: SignedRequest): Generator<SignedRequest> {
  const headers = [...request.headers];
  const { method, url, body } = request;
  for (let bit = 0; bit < 8; bit++) {
    for (let index = 0; index < method.length; index++)
      yield { ...request, method: flip(method, index, bit) };
    for (let index = 0; index < url.length; index++) yield { ...request, url: flip(url, index, bit) };
    for (let index = 0; index < body.length; index++) {
      yield { ...request, body: body.map((byte, at) => (at === index ? byte ^ (1 << bit) : byte)) };
    }
    for (const [at, [name, value]] of headers.entries()) {
      for (let index = 0; index < value.length; index++) {
        yield { ...request, headers: headers.with(at, [name, flip(value, index, bit)]) };
      }
      for (let index = 0; index < name.length; index++) {
        const changed = flip(name, index, bit);
        // The case of a field name means nothing: RFC 9110 §5.1.
        if (changed.toLowerCase() === name.toLowerCase()) continue;
        yield { ...request, headers: headers.with(at, [changed, value]) };
      }
    }
  }
}

export async function accepted(request: SignedRequest): Promise<boolean> {
  try {
    await verify(request);
    return true;
  } catch (error) {
    if (error instanceof SignatureError) return false;
    throw error;
  }
}

/**
 * One byte put in the place of another, anywhere: method, path, query, header value, body.
 *
 * @param random gives whole numbers below its argument
 */
export function substituted(request: SignedRequest, random: (below: number) => number): SignedRequest {
  const headers = [...request.headers];
  const { method, url, body } = request;
  const texts = [method, url, ...headers.map(([, value]) => value)];
  const lengths = [...texts.map(({ length }) => length), body.length];
  let at = random(lengths.reduce((sum, length) => sum + length, 0));
  let part = 0;
  for (; at >= (lengths[part] as number); part++) at -= lengths[part] as number;
  if (part === texts.length)
    return {
      ...request,
      body: body.map((byte, index) => (index === at ? (byte + 1 + random(255)) & 255 : byte)),
    };
  const text = texts[part] as string;
  const character = String.fromCharCode((text.charCodeAt(at) + 1 + random(126)) % 127);
  const changed = text.slice(0, at) + character + text.slice(at + 1);
  if (part === 0) return { ...request, method: changed };
  if (part === 1) return { ...request, url: changed };
  const [name] = headers[part - 2] as readonly [string, string];
  return { ...request, headers: headers.with(part - 2, [name, changed]) };
}
