import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import aws4 from "aws4";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SignedRequest } from "./types.ts";
import { createVerifier } from "./verifier.ts";

const HOST = "kms.us-east-1.amazonaws.com";
const KEY = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const TOKEN = "AQoDYXdzEPT//////////wEXAMPLE+token==";
const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

const verifier = (sessionToken?: string) =>
  createVerifier({
    credentials: () => ({ ...KEY, ...(sessionToken === undefined ? {} : { sessionToken }), principal: "me" }),
    service: "kms",
    regions: ["us-east-1"],
    clock: () => NOW,
  });

/** What the SDK wants of a hash: SHA-256, or HMAC-SHA-256 when it is given a key. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = typeof secret === "string" ? secret : secret && new Uint8Array(secret as Uint8Array);
    this.#hash = key === undefined ? createHash("sha256") : createHmac("sha256", key);
  }
  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }
  reset(): void {}
}

const requests = fc.record({
  body: fc.string({ unit: "binary" }),
  target: fc.constantFrom("TrentService.Encrypt", "TrentService.ListKeys"),
  path: fc.constantFrom("/", "/keys/", "/a%20b/c", "/%E1%88%B4"),
  query: fc.dictionary(
    // The signers keep queries in plain objects, which lose this one name.
    fc
      .string({ unit: "grapheme", minLength: 1 })
      .filter((name) => !/^X-Amz-/i.test(name) && name !== "__proto__"),
    fc.string({ unit: "grapheme" }),
    { maxKeys: 4 },
  ),
  sessionToken: fc.option(fc.constant(TOKEN), { nil: undefined }),
});

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function urlOf(path: string, query: Record<string, unknown>): string {
  const parts = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(String(value))}`);
  return parts.length === 0 ? path : `${path}?${parts.join("&")}`;
}

function received(
  url: string,
  headers: Record<string, unknown>,
  body: string,
  method = "POST",
): SignedRequest {
  return {
    method,
    url,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as const),
    body: new TextEncoder().encode(body),
  };
}

describe("requests of the official SDK's signer", () => {
  const signerFor = (sessionToken: string | undefined) =>
    new SignatureV4({
      credentials: { ...KEY, ...(sessionToken === undefined ? {} : { sessionToken }) },
      region: "us-east-1",
      service: "kms",
      sha256: Sha256,
    });
  const unsigned = (
    {
      body,
      target,
      path,
      query,
    }: { body: string; target: string; path: string; query: Record<string, string> },
    headers: Record<string, string> = {},
  ) => ({
    method: "POST",
    protocol: "https:",
    hostname: HOST,
    path,
    query,
    headers: { host: HOST, "content-type": "application/x-amz-json-1.1", "x-amz-target": target, ...headers },
    body,
  });

  it("are accepted, signed in the header, with and without a session token", async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const signed = await signerFor(request.sessionToken).sign(
          unsigned(request, { "user-agent": "aws-sdk-js/3", "amz-sdk-request": "attempt=1; max=3" }),
          { signingDate: new Date(NOW) },
        );
        const verified = await verifier(request.sessionToken)(
          received(urlOf(signed.path, signed.query ?? {}), signed.headers, request.body),
        );
        expect(verified).toMatchObject({ principal: "me", form: "header", signedAt: NOW });
        expect(verified.signedHeaders).toContain("x-amz-target");
      }),
    );
  });

  it("are accepted, presigned, with and without a session token", async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const signed = await signerFor(request.sessionToken).presign(unsigned(request), {
          signingDate: new Date(NOW - 3_000_000),
          expiresIn: 3_600,
        });
        const verified = await verifier(request.sessionToken)(
          received(urlOf(signed.path, signed.query ?? {}), signed.headers, request.body),
        );
        expect(verified).toMatchObject({ principal: "me", form: "query" });
      }),
    );
  });

  it("are accepted when they arrive as a Fetch request", async () => {
    const request = { body: "{}", target: "TrentService.ListKeys", path: "/", query: {} };
    const signed = await signerFor(TOKEN).sign(unsigned(request), { signingDate: new Date(NOW) });
    const headers = new Headers(signed.headers);
    const verified = await verifier(TOKEN)({
      method: "POST",
      url: "/",
      headers,
      body: new TextEncoder().encode("{}"),
    });
    expect(verified.region).toBe("us-east-1");
  });
});

describe("requests of aws4", () => {
  const sign = (
    { body, target, path, query, sessionToken }: typeof requests extends fc.Arbitrary<infer R> ? R : never,
    signQuery: boolean,
  ) => {
    const url = urlOf(path, query);
    const date = new Date(NOW).toISOString().replace(/[-:]|\.000/g, "");
    const options = {
      service: "kms",
      region: "us-east-1",
      host: HOST,
      method: "POST",
      path: signQuery ? `${url}${url.includes("?") ? "&" : "?"}X-Amz-Date=${date}` : url,
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": target,
        ...(signQuery ? {} : { "X-Amz-Date": date }),
      },
      body,
      signQuery,
    };
    const signed = aws4.sign(options, { ...KEY, ...(sessionToken === undefined ? {} : { sessionToken }) });
    return received(String(signed.path), { Host: HOST, ...signed.headers }, body);
  };

  it.each([false, true])("are accepted (presigned: %s)", async (signQuery) => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const verified = await verifier(request.sessionToken)(sign(request, signQuery));
        expect(verified).toMatchObject({ principal: "me", form: signQuery ? "query" : "header" });
      }),
    );
  });
});
