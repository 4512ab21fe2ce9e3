import { expect, test } from "vitest";
import { type Caller, callerOfArn } from "./caller.ts";
import { type Grant, grantAllows } from "./grant.ts";

const ALICE = "arn:aws:iam::111122223333:user/alice";
const ROLE = "arn:aws:iam::111122223333:role/ops";
const SESSION = "arn:aws:sts::111122223333:assumed-role/ops/one";
const grant = (changes: Partial<Grant> = {}): Grant => ({
  granteePrincipal: ALICE,
  operations: ["Decrypt", "DescribeKey"],
  ...changes,
});
const equals = { encryptionContextEquals: { a: "1", b: "2" } };
const subset = { encryptionContextSubset: { a: "1" } };
const caller = (arn: string): Caller => callerOfArn(arn) ?? { type: "Anonymous" };

test.each<[string, Grant, Caller, string, Record<string, string>, boolean]>([
  ["the grantee", grant(), caller(ALICE), "Decrypt", {}, true],
  ["another user", grant(), caller(`${ALICE}2`), "Decrypt", {}, false],
  ["another operation", grant(), caller(ALICE), "Encrypt", {}, false],
  ["a session of the grantee", grant({ granteePrincipal: ROLE }), caller(SESSION), "Decrypt", {}, true],
  ["the session itself", grant({ granteePrincipal: SESSION }), caller(SESSION), "Decrypt", {}, true],
  [
    "a service",
    grant({ granteePrincipal: "s3.amazonaws.com" }),
    { type: "Service", service: "s3.amazonaws.com" },
    "Decrypt",
    {},
    true,
  ],
  ["nobody", grant({ granteePrincipal: "" }), { type: "Anonymous" }, "Decrypt", {}, false],
  ["the context, whole", grant({ constraints: equals }), caller(ALICE), "Decrypt", { b: "2", a: "1" }, true],
  [
    "more than the context",
    grant({ constraints: equals }),
    caller(ALICE),
    "Decrypt",
    { a: "1", b: "2", c: "3" },
    false,
  ],
  ["less than the context", grant({ constraints: equals }), caller(ALICE), "Decrypt", { a: "1" }, false],
  ["another value", grant({ constraints: equals }), caller(ALICE), "Decrypt", { a: "1", b: "3" }, false],
  ["the part and more", grant({ constraints: subset }), caller(ALICE), "Decrypt", { a: "1", b: "2" }, true],
  ["not the part", grant({ constraints: subset }), caller(ALICE), "Decrypt", { b: "2" }, false],
  [
    "an inherited name",
    grant({ constraints: { encryptionContextSubset: { toString: "x" } } }),
    caller(ALICE),
    "Decrypt",
    {},
    false,
  ],
  [
    "DescribeKey, which has no context",
    grant({ constraints: equals }),
    caller(ALICE),
    "DescribeKey",
    {},
    true,
  ],
])("%s", (_, given, who, operation, context, allowed) => {
  expect(grantAllows(given, who, operation, context)).toBe(allowed);
});
