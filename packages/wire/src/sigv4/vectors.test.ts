import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  readSigv4Suites,
  SIGV4_FILES,
  type Sigv4Case,
} from "../../../../test/src/conformance/sigv4-suite.ts";
import { calculateSignature } from "./calculate-signature.ts";
import { parseTimestamp } from "./timestamp.ts";
import { createVerifier } from "./verifier.ts";

const directory = fileURLToPath(new URL("../../../../../shared/vectors/sigv4/", import.meta.url));
const present = SIGV4_FILES.every((file) => existsSync(directory + file));

/** Correctly signed, and refused here nevertheless. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [
    /get-(relative|relative-relative|slash|slash-dot-slash|slash-pointless-dot|slashes)-unnormalized/,
    "path as it is",
  ],
  [/post-sts-header-after/, "session token outside the signature"],
];

describe.skipIf(!present)(`official Signature V4 suites (${SIGV4_FILES.join(", ")})`, () => {
  const cases = present ? readSigv4Suites(directory) : [];

  it("are 110 cases", () => expect(cases).toHaveLength(110));

  it.each(cases.map((entry) => [entry.id, entry] as const))("%s: every intermediate value", (_, entry) => {
    expect(calculateSignature(entry.secretAccessKey, entry.signed, entry.terms)).toEqual({
      canonicalRequest: entry.canonicalRequest,
      stringToSign: entry.stringToSign,
      signature: entry.signature,
    });
  });

  it.each(cases.map((entry) => [entry.id, entry] as const))(
    "%s: the verifier's verdict",
    async (id, entry) => {
      const verdict = verify(entry);
      if (REFUSED.some(([pattern]) => pattern.test(id))) {
        await expect(verdict).rejects.toMatchObject({ name: "InvalidSignatureException" });
      } else {
        await expect(verdict).resolves.toMatchObject({ principal: "someone", form: entry.terms.form });
      }
    },
  );
});

function verify({ accessKeyId, secretAccessKey, sessionToken, terms, sent }: Sigv4Case) {
  return createVerifier({
    credentials: () => ({
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      principal: "someone",
    }),
    service: terms.scope.service,
    regions: [terms.scope.region],
    clock: () => parseTimestamp(terms.timestamp) as number,
  })(sent);
}
