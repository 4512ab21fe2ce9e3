import { describe, expect, it, vi } from "vitest";
import { calculateSignature } from "./calculate-signature.ts";
import { formatScope } from "./canonical-request.ts";
import type { SignatureTerms } from "./signature-input.ts";
import type { SignedRequest, VerifierOptions } from "./types.ts";
import { createVerifier } from "./verifier.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);
const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const UNRECOGNIZED = "The security token included in the request is invalid.";
const MISMATCH = "The request signature we calculated does not match the signature you provided. ";

type Headers = readonly (readonly [string, string])[];
type Changes = Partial<SignatureTerms> & {
  readonly headers?: Headers;
  readonly accessKeyId?: string;
  readonly secret?: string;
  readonly body?: string;
  readonly query?: string;
};

const BASE: Headers = [
  ["Host", "localhost"],
  ["X-Amz-Date", "20260101T120000Z"],
  ["X-Amz-Target", "TrentService.ListKeys"],
  ["Content-Type", "application/x-amz-json-1.1"],
];

function signed(changes: Changes = {}): SignedRequest & { readonly headers: Headers } {
  const headers = changes.headers ?? BASE;
  const names = [...new Set(headers.map(([name]) => name.toLowerCase()))].sort();
  const body = new TextEncoder().encode(changes.body ?? "{}");
  const terms: SignatureTerms = {
    form: "header",
    scope: { date: "20260101", region: "us-east-1", service: "kms" },
    timestamp: "20260101T120000Z",
    signedHeaders: names,
    ...changes,
  };
  const request = { method: "POST", url: `/${changes.query ?? ""}`, headers, body };
  const signature = calculateSignature(changes.secret ?? SECRET, request, terms)?.signature ?? "0".repeat(64);
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${changes.accessKeyId ?? "AKIDEXAMPLE"}/${formatScope(terms.scope)}, ` +
    `SignedHeaders=${terms.signedHeaders.join(";")}, Signature=${signature}`;
  return { ...request, headers: [...headers, ["Authorization", authorization]] };
}

function verify(request: SignedRequest, options: Partial<VerifierOptions<string>> = {}) {
  return createVerifier<string>({
    credentials: (accessKeyId) =>
      accessKeyId === "AKIDEXAMPLE" ? { accessKeyId, secretAccessKey: SECRET, principal: "me" } : undefined,
    service: "kms",
    regions: ["us-east-1"],
    clock: () => NOW,
    ...options,
  })(request);
}

async function refused(name: string, message: string | RegExp, verdict: Promise<unknown>): Promise<void> {
  const error = await verdict.then(
    () => expect.fail("accepted"),
    (reason: unknown) => reason,
  );
  const expected =
    typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message);
  expect(error).toMatchObject({ name, httpStatus: 400, message: expected });
}

const invalid = (message: string | RegExp, verdict: Promise<unknown>) =>
  refused("InvalidSignatureException", message, verdict);
const incomplete = (message: string | RegExp, verdict: Promise<unknown>) =>
  refused("IncompleteSignatureException", message, verdict);

const replaceAuthorization = (request: SignedRequest, change: (value: string) => string): SignedRequest => ({
  ...request,
  headers: [...request.headers].map(([name, value]) => [
    name,
    name === "Authorization" ? change(value) : value,
  ]),
});

describe("a well-signed request", () => {
  it("gives its sender, with a directory that answers at once or later", async () => {
    const credential = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET, principal: { arn: "x" } };
    const common = { service: "kms", regions: (region: string) => region === "us-east-1", clock: () => NOW };
    for (const credentials of [() => credential, async () => credential]) {
      await expect(createVerifier({ ...common, credentials })(signed())).resolves.toEqual({
        principal: { arn: "x" },
        accessKeyId: "AKIDEXAMPLE",
        region: "us-east-1",
        service: "kms",
        form: "header",
        signedAt: NOW,
        signedHeaders: ["content-type", "host", "x-amz-date", "x-amz-target"],
      });
    }
  });

  it("may carry its date in a signed Date header instead", async () => {
    const headers: Headers = [
      ["Host", "h"],
      ["Date", "20260101T120000Z"],
    ];
    await expect(verify(signed({ headers }))).resolves.toMatchObject({ signedAt: NOW });
    await invalid("'date' must be a 'SignedHeader'", verify(signed({ headers, signedHeaders: ["host"] })));
  });

  it("may state the hash of its body", async () => {
    const hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    await expect(
      verify(signed({ headers: [...BASE, ["X-Amz-Content-Sha256", hash]] })),
    ).resolves.toBeDefined();
  });
});

describe("a request without a complete claim", () => {
  it("misses its authentication token without Authorization, or with another scheme", async () => {
    const { headers: _, ...rest } = signed();
    for (const headers of [
      BASE,
      [...BASE, ["Authorization", "Bearer token"]],
      [...BASE, ["Authorization", ""]],
    ]) {
      const verdict = verify({ ...rest, headers: headers as Headers });
      await refused("MissingAuthenticationTokenException", "Missing Authentication Token", verdict);
    }
  });

  it("is told every parameter that is missing, and not what it sent", async () => {
    const verdict = verify({
      ...signed(),
      headers: [
        ["Host", "localhost"],
        ["Authorization", "AWS4-HMAC-SHA256 "],
      ],
    });
    await incomplete(
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
        "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of " +
        "either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization=",
      verdict,
    );
  });

  it.each([
    [
      "another algorithm",
      (value: string) => value.replace("SHA256", "SHA512"),
      /^Unsupported AWS 'algorithm'/,
    ],
    [
      "a parameter without a value",
      (value: string) => value.replace("Signature=", "Signature"),
      /missing equal-sign/,
    ],
    ["a parameter twice", (value: string) => `${value}, Signature=00`, /not a valid key=value pair/],
    ["a parameter of no known name", (value: string) => `${value}, Extra=1`, /not a valid key=value pair/],
    ["two headers folded into one", (value: string) => `${value}, ${value}`, /not a valid key=value pair/],
    ["a credential of four parts", (value: string) => value.replace("/aws4_request", ""), /exactly 5 slash/],
    ["a credential of six parts", (value: string) => value.replace("AKID", "AK/ID"), /exactly 5 slash/],
  ])("is incomplete with %s", async (_, change, message) => {
    await incomplete(message, verify(replaceAuthorization(signed(), change)));
  });

  it.each(["2026", "20260230T120000Z", "2026-01-01T12:00:00Z", "Thu, 01 Jan 2026 12:00:00 GMT"])(
    "is incomplete with the date %s",
    async (date) => {
      await incomplete(
        `Got '${date}'`,
        verify(
          signed({
            headers: [
              ["Host", "h"],
              ["Date", date],
            ],
          }),
        ),
      );
    },
  );
});

describe("the clock", () => {
  const at = (seconds: number) => verify(signed(), { clock: () => NOW + seconds * 1_000 });

  it("may differ by five minutes either way", async () => {
    await expect(at(300)).resolves.toBeDefined();
    await expect(at(-300)).resolves.toBeDefined();
  });

  it("may not differ by more", async () => {
    await invalid(
      "Signature expired: 20260101T120000Z is now earlier than 20260101T120001Z (20260101T120501Z - 5 min.)",
      at(301),
    );
    await invalid(
      "Signature not yet current: 20260101T120000Z is still later than 20260101T115959Z (20260101T115459Z + 5 min.)",
      at(-301),
    );
  });
});

describe("the credential", () => {
  const scope = { date: "20260101", region: "us-east-1", service: "kms" };

  it("is refused out of scope, with everything that is wrong", async () => {
    const wrong = signed({ scope: { date: "20251231", region: "eu-west-1", service: "s3" } });
    await invalid(
      "Credential should be scoped to a valid region, not 'eu-west-1'. Credential should be scoped to correct " +
        "service: 'kms'. Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. " +
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP. ",
      verify(replaceAuthorization(wrong, (value) => value.replace("aws4_request", "aws5_request"))),
    );
    await invalid("Date in Credential scope", verify(signed({ scope: { ...scope, date: "20260102" } })));
  });

  it("is unrecognized if unknown, and invalid if its signature is wrong", async () => {
    await refused("UnrecognizedClientException", UNRECOGNIZED, verify(signed({ accessKeyId: "AKIDOTHER" })));
    await invalid(MISMATCH, verify(signed({ secret: "wrong" })));
  });

  it("is the same error in both cases if that is asked for", async () => {
    const options = { concealUnknownKeys: true };
    const errors = await Promise.all(
      [signed({ accessKeyId: "AKIDOTHER" }), signed({ secret: "wrong" })].map((request) =>
        verify(request, options).catch(({ name, message }: Error) => ({ name, message })),
      ),
    );
    expect(errors[0]).toEqual(errors[1]);
  });

  it("is unknown if the directory answers with another access key", async () => {
    const credentials = () => ({ accessKeyId: "AKIDEXAMPLE", secretAccessKey: SECRET, principal: "me" });
    const verdict = verify(signed({ accessKeyId: "akidexample" }), { credentials });
    await refused("UnrecognizedClientException", UNRECOGNIZED, verdict);
  });
});

describe("a session token", () => {
  const temporary = {
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: SECRET,
    sessionToken: "token",
    principal: "me",
  };
  const withToken = (token: string) => signed({ headers: [...BASE, ["X-Amz-Security-Token", token]] });
  const options = { credentials: () => temporary };

  it("must be the credential's own", async () => {
    await expect(verify(withToken("token"), options)).resolves.toBeDefined();
    for (const request of [withToken("tokem"), withToken("token1"), withToken(""), signed()]) {
      await refused("UnrecognizedClientException", UNRECOGNIZED, verify(request, options));
    }
  });

  it("is refused from a credential that has none, even if it is empty", async () => {
    for (const token of ["token", ""]) {
      await refused("UnrecognizedClientException", UNRECOGNIZED, verify(withToken(token)));
    }
  });

  it("expires, which only its holder learns", async () => {
    const expired = { credentials: () => ({ ...temporary, expiresAt: NOW }) };
    await refused("ExpiredTokenException", "is expired", verify(withToken("token"), expired));
    await refused("UnrecognizedClientException", UNRECOGNIZED, verify(withToken("other"), expired));
    await invalid(MISMATCH, verify(signed({ secret: "wrong" }), expired));
  });
});

describe("headers", () => {
  it.each(["host", "x-amz-date", "x-amz-target", "content-type"])("%s must be signed", async (left) => {
    const signedHeaders = BASE.map(([name]) => name.toLowerCase())
      .sort()
      .filter((name) => name !== left);
    await invalid(/must be a 'SignedHeader' in the AWS Authorization\.$/, verify(signed({ signedHeaders })));
  });

  it("that came after the signature are refused if they are AWS's", async () => {
    const { headers, ...rest } = signed();
    const added = [...headers, ["x-amz-anything", "1"]] as const;
    await invalid("'x-amz-anything' must be a 'SignedHeader'", verify({ ...rest, headers: added }));
    await expect(verify({ ...rest, headers: [...headers, ["x-amzn-trace-id", "1"]] })).resolves.toBeDefined();
  });

  it.each([
    "Host",
    "X-Amz-Date",
    "X-Amz-Target",
    "Content-Type",
    "X-Amz-Security-Token",
    "X-Amz-Content-Sha256",
    "Authorization",
  ])("%s may not come twice, nor folded", async (name) => {
    const { headers, ...rest } = signed({
      headers: [...BASE.filter(([other]) => other !== name), [name, "a"]],
    });
    const twice = [...headers, [name.toLowerCase(), "b"]] as const;
    await expect(verify({ ...rest, headers: twice })).rejects.toMatchObject({ httpStatus: 400 });
    const folded = signed({ headers: [...BASE.filter(([other]) => other !== name), [name, "a, b"]] });
    await expect(verify(folded)).rejects.toMatchObject({ httpStatus: 400 });
  });

  it("are refused in a list that is not canonical", async () => {
    for (const list of [
      "host;content-type;x-amz-date;x-amz-target",
      "content-type;host;host;x-amz-date;x-amz-target",
      "Content-Type;host;x-amz-date;x-amz-target",
      "content-type;host;x-amz-date;x-amz-target;",
    ]) {
      await invalid("'SignedHeaders' must be", verify(signed({ signedHeaders: list.split(";") })));
    }
  });

  it("that are named and absent are no signature", async () => {
    const signedHeaders = ["absent", "content-type", "host", "x-amz-date", "x-amz-target"];
    await invalid(MISMATCH, verify(signed({ signedHeaders })));
  });
});

describe("the body", () => {
  it.each([
    "UNSIGNED-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "",
    "00",
  ])("must be hashed, and %j is not its hash", async (stated) => {
    await invalid(MISMATCH, verify(signed({ headers: [...BASE, ["X-Amz-Content-Sha256", stated]] })));
  });
});

describe("a URL", () => {
  it.each(["?a=1&&b=2", "?&", "?a=%2f", "?a=%G0", "?a=%", "?a=%FF"])(
    "with the query %s is not signed",
    async (query) => {
      await invalid(MISMATCH, verify(signed({ query })));
    },
  );

  it("must be a path", async () => {
    await invalid(MISMATCH, verify({ ...signed(), url: "http://localhost/" }));
  });

  it("and a header may not both carry a signature", async () => {
    await invalid(
      "Found both 'X-Amz-Algorithm'",
      verify(signed({ query: "?X-Amz-Algorithm=AWS4-HMAC-SHA256" })),
    );
  });
});

describe("a replay guard", () => {
  it("sees each valid signature once, with the time it ends, and may refuse it", async () => {
    const seen = new Set<string>();
    const replayGuard = vi.fn(
      (signature: string, _expiresAt: number) => !seen.has(signature) && !!seen.add(signature),
    );
    await expect(verify(signed(), { replayGuard })).resolves.toBeDefined();
    await invalid("used before", verify(signed(), { replayGuard }));
    await invalid(MISMATCH, verify(signed({ secret: "wrong" }), { replayGuard }));
    expect(replayGuard.mock.calls.map(([, expiresAt]) => expiresAt)).toEqual([NOW + 300_000, NOW + 300_000]);
  });
});
