import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { der } from "../asn1/der.ts";
import { parseCertificate } from "./certificate.ts";
import { CertificateError } from "./certificate-error.ts";

// AWS Nitro Enclaves Root-G1, as AWS publishes it: the certificate at hand that neither we nor OpenSSL made.
const ROOT = Uint8Array.from(
  Buffer.from(
    "MIICETCCAZagAwIBAgIRAPkxdWgbkK/hHUbMtOTn+FYwCgYIKoZIzj0EAwMwSTELMAkGA1UEBhMCVVMxDzANBgNVBAoMBkFtYXpv" +
      "bjEMMAoGA1UECwwDQVdTMRswGQYDVQQDDBJhd3Mubml0cm8tZW5jbGF2ZXMwHhcNMTkxMDI4MTMyODA1WhcNNDkxMDI4MTQyODA1" +
      "WjBJMQswCQYDVQQGEwJVUzEPMA0GA1UECgwGQW1hem9uMQwwCgYDVQQLDANBV1MxGzAZBgNVBAMMEmF3cy5uaXRyby1lbmNsYXZl" +
      "czB2MBAGByqGSM49AgEGBSuBBAAiA2IABPwCVOumCMHzaHDimtqQvkY4MpJzbolL//Zy2YlES1BR5TSksfbb48C8WBoyt7F2Bw7e" +
      "EtaaP+ohG2bnUs990d0JX28TcPQXCEPZ3BABIeTPYwEoCWZEh8l5YoQwTcU/9KNCMEAwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4E" +
      "FgQUkCW1DdkFR+eWw5b6cp3PmanfS5YwDgYDVR0PAQH/BAQDAgGGMAoGCCqGSM49BAMDA2kAMGYCMQCjfy+Rocm9Xue4YnwWmNJV" +
      "A44fA0P5W2OpYow9OYCVRaEevL8uO1XYru5xtMPWrfMCMQCi85sWBbJwKKXdS6BptQFuZbT73o/gBh1qUxl/nNr12UO8Yfwr6wPL" +
      "b+6NIwLz3/Y=",
    "base64",
  ),
);

/** The root with one piece of its DER replaced by another that is as long. */
function altered(from: string, to: string): Uint8Array {
  const hex = Buffer.from(ROOT).toString("hex");
  expect(hex).toContain(from);
  expect(to).toHaveLength(from.length);
  return Uint8Array.from(Buffer.from(hex.replace(from, to), "hex"));
}

const ascii = (text: string) => Buffer.from(text).toString("hex");

describe("X.509", () => {
  test("a certificate says who may do what, and when", () => {
    const { isAuthority, pathLength, signsCertificates, signsData, notBefore, notAfter, issuer, subject } =
      parseCertificate(ROOT);
    expect({ isAuthority, pathLength, signsCertificates, signsData }).toEqual({
      isAuthority: true,
      pathLength: undefined,
      signsCertificates: true,
      signsData: true,
    });
    expect(new Date(notBefore).toISOString()).toBe("2019-10-28T13:28:05.000Z");
    expect(new Date(notAfter).toISOString()).toBe("2049-10-28T14:28:05.000Z");
    expect(issuer).toEqual(subject);
  });

  test("a year of two digits from 50 on is of the last century", () => {
    const { notBefore } = parseCertificate(altered(ascii("191028132805Z"), ascii("501028132805Z")));
    expect(new Date(notBefore).getUTCFullYear()).toBe(1950);
  });

  test.each<[string, string, string]>([
    ["another version", "a003020102", "a003020101"],
    ["another algorithm outside", "300a06082a8648ce3d0403030369", "300a06082a8648ce3d0403020369"],
    ["a month that does not exist", ascii("191028132805Z"), ascii("191328132805Z")],
    ["a day that does not exist", ascii("191028132805Z"), ascii("190229132805Z")],
    ["an hour that does not exist", ascii("191028132805Z"), ascii("191028242805Z")],
    ["a time in another zone", ascii("191028132805Z"), ascii("1910281328+01")],
    ["an authority that is TRUE in BER only", "30030101ff", "3003010101"],
    ["an authority that is not FALSE by default", "30030101ff", "3003010100"],
    ["a critical extension of another name", "0603551d130101ff", "0603551d1e0101ff"],
    ["an extension twice", "0603551d0e0416", "0603551d0f0416"],
  ])("%s is refused", (_name, from, to) => {
    expect(() => parseCertificate(altered(from, to))).toThrow(CertificateError);
  });

  test("bytes after the end are refused", () => {
    expect(() => parseCertificate(Uint8Array.of(...ROOT, 0))).toThrow(CertificateError);
  });

  test("whatever byte is another, the reader throws nothing but its own error", () => {
    fc.assert(
      fc.property(fc.nat(ROOT.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const bytes = ROOT.slice();
        bytes[index] = (bytes[index] ?? 0) ^ change;
        try {
          parseCertificate(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CertificateError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("nor whatever it is given", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        for (const input of [bytes, der(0x30, der(0x30, bytes))]) {
          expect(() => parseCertificate(input)).toThrow(CertificateError);
        }
      }),
    );
  });
});
