import { describe, expect, it } from "vitest";
import { createSigningKeyCache, deriveSigningKey } from "./signing-key.ts";

const scope = { date: "20150830", region: "us-east-1", service: "iam" };

describe("a signing key", () => {
  it("is the one of AWS's example", () => {
    // AWS General Reference, "Calculate the signature for AWS Signature Version 4".
    expect(
      Buffer.from(deriveSigningKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope)).toString("hex"),
    ).toBe("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
  });
});

describe("the cache of signing keys", () => {
  it("gives a remembered key again, and another one in every other scope", () => {
    const keys = createSigningKeyCache();
    const first = keys("A", "secret", scope);
    expect(keys("A", "secret", { ...scope })).toBe(first);
    for (const other of [{ date: "20150831" }, { region: "eu-west-1" }, { service: "kms" }]) {
      expect(keys("A", "secret", { ...scope, ...other })).not.toEqual(first);
    }
  });

  it("notices a changed secret", () => {
    const keys = createSigningKeyCache();
    expect(keys("A", "old", scope)).not.toEqual(keys("A", "new", scope));
    expect(keys("A", "new", scope)).toEqual(deriveSigningKey("new", scope));
  });

  it("forgets the key used longest ago, and never holds more than its capacity", () => {
    const keys = createSigningKeyCache(2);
    const a = keys("A", "secret", scope);
    const b = keys("B", "secret", scope);
    expect(keys("A", "secret", scope)).toBe(a);
    keys("C", "secret", scope);
    expect(keys("A", "secret", scope)).toBe(a);
    expect(keys("B", "secret", scope)).not.toBe(b);
  });
});
