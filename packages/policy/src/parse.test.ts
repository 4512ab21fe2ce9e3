import { expect, test } from "vitest";
import { parsePolicy } from "./parse.ts";
import { PolicyError } from "./policy-error.ts";

const statement = { Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" };
const policy = (changes: object, Version = "2012-10-17") =>
  JSON.stringify({ Version, Statement: [{ ...statement, ...changes }] });

test("a document may be as short as AWS lets it be", () => {
  const { version, statements } = parsePolicy(JSON.stringify({ Statement: statement }), "resource");
  expect(version).toBe("2008-10-17");
  expect(statements).toHaveLength(1);
  expect(statements[0]).toMatchObject({ place: "Statement", effect: "Allow", conditions: [] });
});

test("a key policy's statement may have no Resource", () => {
  expect(parsePolicy(policy({ Resource: undefined }), "resource").statements[0]?.resource).toBeUndefined();
});

test("principals are accounts, users, roles, sessions, services and providers", () => {
  const Principal = {
    AWS: ["111122223333", "arn:aws:iam::111122223333:user/a/b", "arn:aws:sts::111122223333:assumed-role/r/s"],
    Service: "s3.amazonaws.com",
    Federated: "cognito-identity.amazonaws.com",
  };
  expect(parsePolicy(policy({ Principal }), "resource").statements[0]?.principal).toEqual({
    negated: false,
    everyone: false,
    aws: [
      "arn:aws:iam::111122223333:root",
      "arn:aws:iam::111122223333:user/a/b",
      "arn:aws:sts::111122223333:assumed-role/r/s",
    ],
    services: ["s3.amazonaws.com"],
    federated: ["cognito-identity.amazonaws.com"],
  });
});

test.each<[string, string, "resource" | "identity", string]>([
  ["no JSON", "{", "resource", "The policy is not valid JSON"],
  ["no object", "[]", "resource", "This must be an object"],
  ["no Statement", "{}", "resource", "The policy has no Statement"],
  ["an empty Statement", '{"Statement":[]}', "resource", "Statement: There must be at least one statement"],
  ["another element", '{"Statement":[],"Name":1}', "resource", "There is no element Name"],
  [
    "another version",
    policy({}, "2020-01-01"),
    "resource",
    "Version: The version must be 2012-10-17 or 2008-10-17",
  ],
  [
    "another effect",
    policy({ Effect: "allow" }),
    "resource",
    "Statement[0].Effect: The effect must be Allow or Deny",
  ],
  [
    "no action",
    policy({ Action: undefined }),
    "resource",
    "Statement[0]: The statement has no Action and no NotAction",
  ],
  ["no actions", policy({ Action: [] }), "resource", "Statement[0].Action: There must be at least one value"],
  [
    "a bare action",
    policy({ Action: "Encrypt" }),
    "resource",
    "Statement[0].Action: Encrypt is not an action such as kms:Encrypt",
  ],
  [
    "both actions",
    policy({ NotAction: "*" }),
    "resource",
    "Statement[0]: The statement has both Action and NotAction",
  ],
  ["a number as Sid", policy({ Sid: 1 }), "resource", "Statement[0].Sid: This must be a string"],
  [
    "no principal",
    policy({ Principal: undefined }),
    "resource",
    "Statement[0]: The statement has no Principal and no NotPrincipal",
  ],
  [
    "a principal",
    policy({}),
    "identity",
    "Statement[0].Principal: A policy of an identity names no principal",
  ],
  [
    "no resource",
    policy({ Principal: undefined, Resource: undefined }),
    "identity",
    "Statement[0]: The statement has no Resource and no NotResource",
  ],
  [
    "a group",
    policy({ Principal: { AWS: "arn:aws:iam::111122223333:group/g" } }),
    "resource",
    "Statement[0].Principal.AWS: arn:aws:iam::111122223333:group/g is no account, user, role or session",
  ],
  [
    "a wildcard in a principal",
    policy({ Principal: { AWS: "arn:aws:iam::111122223333:role/*" } }),
    "resource",
    "Statement[0].Principal.AWS: arn:aws:iam::111122223333:role/* is no account, user, role or session",
  ],
  [
    "no principals",
    policy({ Principal: {} }),
    "resource",
    "Statement[0].Principal: There must be at least one principal",
  ],
  [
    "a bare service",
    policy({ Principal: { Service: "s3" } }),
    "resource",
    "Statement[0].Principal.Service: s3 is no service such as s3.amazonaws.com",
  ],
  [
    "another operator",
    policy({ Condition: { StringIs: { "aws:a": "b" } } }),
    "resource",
    "Statement[0].Condition.StringIs: StringIs is no condition operator",
  ],
  [
    "an inherited name",
    policy({ Condition: { toString: { "aws:a": "b" } } }),
    "resource",
    "Statement[0].Condition.toString: toString is no condition operator",
  ],
  [
    "NullIfExists",
    policy({ Condition: { NullIfExists: { "aws:a": "true" } } }),
    "resource",
    "Statement[0].Condition.NullIfExists: NullIfExists is no condition operator",
  ],
  [
    "a key without prefix",
    policy({ Condition: { Bool: { secure: "true" } } }),
    "resource",
    "Statement[0].Condition.Bool.secure: secure is no condition key",
  ],
  [
    "a word as number",
    policy({ Condition: { NumericEquals: { "kms:a": "ten" } } }),
    "resource",
    "Statement[0].Condition.NumericEquals.kms:a: ten is no value for NumericEquals",
  ],
  [
    "an object as value",
    policy({ Condition: { StringEquals: { "kms:a": {} } } }),
    "resource",
    "Statement[0].Condition.StringEquals.kms:a: This must be a string",
  ],
  [
    "half an address",
    policy({ Condition: { IpAddress: { "aws:SourceIp": "10.0" } } }),
    "resource",
    "Statement[0].Condition.IpAddress.aws:SourceIp: 10.0 is no value for IpAddress",
  ],
])("%s is refused, and the message names the place", (_, text, kind, message) => {
  const parse = () => parsePolicy(text, kind);
  expect(parse).toThrow(PolicyError);
  expect(parse).toThrow(expect.objectContaining({ message }));
});

test("a Sid stands once", () => {
  const text = JSON.stringify({ Statement: [1, 2].map(() => ({ ...statement, Sid: "a" })) });
  expect(() => parsePolicy(text, "resource")).toThrow("Statement: The Sid a occurs twice");
});
