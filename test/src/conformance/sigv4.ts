/**
 * Conformance family `sigv4`: the official Signature Version 4 suites.
 *
 * A case passes if the canonical request, the string to sign and the signature are all those of the suite.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { calculateSignature } from "@kmslite/wire";
import { readSigv4Suites, SIGV4_FILES } from "./sigv4-suite.ts";

/** The counts of `pnpm conformance --json` for one family on one engine. */
export interface Sigv4Result {
  readonly id: "sigv4";
  readonly engine: "wire";
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly total: number;
  readonly why_skipped: string;
  /** the cases that failed, by name */
  readonly failures: readonly string[];
}

/** @param vectors  the directory that holds `sigv4/` */
export function runSigv4(vectors: string): Sigv4Result {
  const directory = join(vectors, "sigv4");
  const absent = SIGV4_FILES.filter((file) => !existsSync(join(directory, file)));
  const why_skipped = absent.length === 0 ? "" : `not there: ${absent.join(", ")}`;
  const cases = absent.length === 0 ? readSigv4Suites(directory) : [];
  const failures = cases
    .filter(({ secretAccessKey, signed, terms, ...expected }) => {
      const calculated = calculateSignature(secretAccessKey, signed, terms);
      return (
        calculated?.canonicalRequest !== expected.canonicalRequest ||
        calculated.stringToSign !== expected.stringToSign ||
        calculated.signature !== expected.signature
      );
    })
    .map(({ id }) => id);
  return {
    id: "sigv4",
    engine: "wire",
    passed: cases.length - failures.length,
    failed: failures.length,
    skipped: absent.length,
    total: cases.length + absent.length,
    why_skipped,
    failures,
  };
}
