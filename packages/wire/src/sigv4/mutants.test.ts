import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calculateSignature } from "./calculate-signature.ts";
import { formatScope } from "./canonical-request.ts";
import { SignatureError } from "./error.ts";
import type { SignedRequest } from "./types.ts";
import { createVerifier } from "./verifier.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);
const TIMESTAMP = "20260101T120000Z";
const SCOPE = { date: "20260101", region: "us-east-1", service: "kms" };
/** Every access key exists and has its own secret: in the header form nothing else binds its id. */
const secretOf = (accessKeyId: string) => `wJalrXUtnFEMI/K7MDENG+bPxRfiCY${accessKeyId}`;
const SECRET = secretOf("AKIDEXAMPLE");
const TOKEN = "AQoDYXdzEPT//////////wEXAMPLE+token==";

const verify = createVerifier({
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

interface Unsigned {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

function signInHeader({ method, path, query, headers, body }: Unsigned): SignedRequest {
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

function presign({ method, path, query, headers, body }: Unsigned): SignedRequest {
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
function* mutants(request: SignedRequest): Generator<SignedRequest> {
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

async function accepted(request: SignedRequest): Promise<boolean> {
  try {
    await verify(request);
    return true;
  } catch (error) {
    if (error instanceof SignatureError) return false;
    throw error;
  }
}

const unsigned: fc.Arbitrary<Unsigned> = fc.record({
  method: fc.constantFrom("POST", "GET", "PUT"),
  path: fc
    .array(fc.stringMatching(/^[\w~$!-]{1,5}$/), { maxLength: 3 })
    .map((segments) => `/${segments.join("/")}`),
  query: fc
    .array(fc.tuple(fc.stringMatching(/^[a-z]{1,3}$/), fc.string({ unit: "grapheme", maxLength: 3 })), {
      maxLength: 3,
    })
    .map((pairs) => pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")),
  headers: fc
    .dictionary(
      fc.constantFrom("Content-Type", "X-Amz-Target", "X-Amz-Meta", "Accept", "Amz-Sdk-Request"),
      fc.stringMatching(/^[!-+\--~]( ?[!-+\--~]){0,12}$/),
    )
    .map((headers) => Object.entries(headers)),
  body: fc.uint8Array({ maxLength: 24 }),
});

describe.each([
  ["signed in the header", signInHeader],
  ["presigned", presign],
] as const)("a request %s", (_, sign) => {
  it("is accepted as it is", async () => {
    await fc.assert(
      fc.asyncProperty(unsigned, async (request) => {
        await expect(verify(sign(request))).resolves.toMatchObject({ principal: "AKIDEXAMPLE" });
      }),
    );
  });

  it("is refused with any one bit changed, wherever it is", async () => {
    const request = sign({
      method: "POST",
      path: "/a/b",
      query: "x=%2F&y=",
      headers: [
        ["Content-Type", "application/x-amz-json-1.1"],
        ["X-Amz-Target", "TrentService.Decrypt"],
      ],
      body: new TextEncoder().encode('{"KeyId":"alias/a"}'),
    });
    expect(await accepted(request)).toBe(true);
    for (const mutant of mutants(request)) {
      if (await accepted(mutant)) expect.fail(`accepted ${JSON.stringify(mutant)}`);
    }
  });

  it("is refused with one bit changed, whatever it was", async () => {
    await fc.assert(
      fc.asyncProperty(unsigned, fc.nat(), async (request, choice) => {
        const all = [...mutants(sign(request))];
        for (let step = 0; step < 16; step++) {
          const mutant = all[(choice + step * 977) % all.length] as SignedRequest;
          expect(await accepted(mutant), JSON.stringify(mutant)).toBe(false);
        }
      }),
    );
  });
});
