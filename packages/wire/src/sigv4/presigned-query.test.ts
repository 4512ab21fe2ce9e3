import { describe, expect, it } from "vitest";
import { calculateSignature } from "./calculate-signature.ts";
import { formatScope } from "./canonical-request.ts";
import { createVerifier } from "./verifier.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);
const SCOPE = { date: "20260101", region: "us-east-1", service: "kms" };
const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;
type Headers = readonly (readonly [string, string])[];

/** Presigns at NOW; `parameters` replaces or removes what would be there. */
function presigned(parameters: Parameters = {}, headers: Headers = [["host", "localhost"]]) {
  const signedHeaders = headers.map(([name]) => name).sort();
  const all: Parameters = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `AKIDEXAMPLE/${formatScope(SCOPE)}`,
    "X-Amz-Date": "20260101T120000Z",
    "X-Amz-Expires": "3600",
    "X-Amz-SignedHeaders": signedHeaders.join(";"),
    ...parameters,
  };
  const query = Object.entries(all)
    .flatMap(([name, values]) => [values ?? []].flat().map((value) => `${name}=${encodeURIComponent(value)}`))
    .join("&");
  const request = { method: "GET", url: `/?${query}`, headers, body: new Uint8Array() };
  const signature = calculateSignature(SECRET, request, {
    form: "query",
    scope: SCOPE,
    timestamp: "20260101T120000Z",
    signedHeaders,
  })?.signature;
  return { ...request, url: `${request.url}&X-Amz-Signature=${signature}` };
}

function verify(request: ReturnType<typeof presigned>, secondsLater = 0, sessionToken?: string) {
  return createVerifier({
    credentials: (accessKeyId) => ({
      accessKeyId,
      secretAccessKey: SECRET,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      principal: "me",
    }),
    service: "kms",
    regions: ["us-east-1"],
    clock: () => NOW + secondsLater * 1_000,
  })(request);
}

const refusal = (name: string, message: RegExp) => ({
  name,
  httpStatus: 400,
  message: expect.stringMatching(message),
});

describe("a presigned request", () => {
  it("holds from five minutes before its date to the end of its lifetime", async () => {
    for (const later of [-300, 0, 3_600]) {
      await expect(verify(presigned(), later)).resolves.toMatchObject({ form: "query", signedAt: NOW });
    }
    await expect(verify(presigned(), -301)).rejects.toMatchObject(
      refusal("InvalidSignatureException", /^Signature not yet current: .* \+ 5 min\.\)$/),
    );
    await expect(verify(presigned(), 3_601)).rejects.toMatchObject(
      refusal(
        "InvalidSignatureException",
        /^Signature expired: 20260101T120000Z is now earlier than 20260101T120001Z \(20260101T130001Z - 60 min\.\)$/,
      ),
    );
  });

  it("holds for five minutes if it states no lifetime", async () => {
    const request = presigned({ "X-Amz-Expires": undefined });
    await expect(verify(request, 300)).resolves.toBeDefined();
    await expect(verify(request, 301)).rejects.toMatchObject({ name: "InvalidSignatureException" });
  });

  it("may state a week and no more, as a plain number of seconds", async () => {
    await expect(verify(presigned({ "X-Amz-Expires": "604800" }), 604_800)).resolves.toBeDefined();
    for (const expires of ["604801", "1e3", "-1", "0", "060", "", "5.0", "99999999999999999999"]) {
      await expect(verify(presigned({ "X-Amz-Expires": expires }))).rejects.toMatchObject(
        refusal("IncompleteSignatureException", /^X-Amz-Expires/),
      );
    }
  });

  it("is told every parameter that is missing", async () => {
    const missing = {
      "X-Amz-Credential": undefined,
      "X-Amz-SignedHeaders": undefined,
      "X-Amz-Date": undefined,
    };
    await expect(verify(presigned(missing))).rejects.toMatchObject({
      name: "IncompleteSignatureException",
      message:
        "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include " +
        "'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the " +
        "query-string parameters.",
    });
  });

  it("is refused with another algorithm", async () => {
    await expect(verify(presigned({ "X-Amz-Algorithm": "AWS4-ECDSA-P256-SHA256" }))).rejects.toMatchObject(
      refusal("IncompleteSignatureException", /^Unsupported AWS 'algorithm'/),
    );
  });

  it.each(["X-Amz-Date", "X-Amz-Expires", "X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Security-Token"])(
    "may have only one %s",
    async (name) => {
      await expect(verify(presigned({ [name]: ["3600", "3600"] }))).rejects.toMatchObject({
        name: "InvalidSignatureException",
      });
    },
  );

  it("carries its session token in the query or in a signed header, not in both", async () => {
    const token = { "X-Amz-Security-Token": "a+/=" };
    const headers = [
      ["host", "localhost"],
      ["x-amz-security-token", "a+/="],
    ] as const;
    await expect(verify(presigned(token), 0, "a+/=")).resolves.toBeDefined();
    await expect(verify(presigned({}, headers), 0, "a+/=")).resolves.toBeDefined();
    await expect(verify(presigned(token, headers), 0, "a+/=")).rejects.toMatchObject({
      name: "InvalidSignatureException",
    });
    for (const request of [presigned(), presigned({ "X-Amz-Security-Token": "a+/" })]) {
      await expect(verify(request, 0, "a+/=")).rejects.toMatchObject({ name: "UnrecognizedClientException" });
    }
  });

  it("cannot be given an operation by whoever holds it", async () => {
    const request = presigned();
    const headers = [...request.headers, ["x-amz-target", "TrentService.Decrypt"]] as const;
    await expect(verify({ ...request, headers })).rejects.toMatchObject(
      refusal("InvalidSignatureException", /^'x-amz-target' must be a 'SignedHeader'/),
    );
  });

  it("must state its body's hash truly, if it does", async () => {
    const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    await expect(verify(presigned({ "X-Amz-Content-Sha256": empty }))).resolves.toBeDefined();
    await expect(verify(presigned({ "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD" }))).rejects.toMatchObject({
      name: "InvalidSignatureException",
    });
  });
});
