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
    accounts: ["111122223333"],
    services: ["s3.amazonaws.com"],
    federated: ["cognito-identity.amazonaws.com"],
  });
});

test.each<[string, string, "resource" | "identity", string]>([
  ["no JSON", "{", "resource", "The policy is not valid JSON"],
  ["no object", "[]", "resource", "The policy must be an object"],
  ["no Statement", "{}", "resource", "Statement is missing"],
  ["an empty Statement", '{"Statement":[]}', "resource", "Statement must not be empty"],
  ["another element", '{"Statement":[],"Name":1}', "resource", "The policy has the unknown element Name"],
  ["another version", policy({}, "2020-01-01"), "resource", "Version must be 2012-10-17 or 2008-10-17"],
  ["another effect", policy({ Effect: "allow" }), "resource", "Statement[0].Effect must be Allow or Deny"],
  [
    "no action",
    policy({ Principal: undefined, Action: undefined }),
    "identity",
    "Statement[0] has no Action",
  ],
  [
    "a bare action",
    policy({ Action: "Encrypt" }),
    "resource",
    "Statement[0].Action has Encrypt, which is no action such as kms:Encrypt",
  ],
  ["both actions", policy({ NotAction: "*" }), "resource", "Statement[0] has both Action and NotAction"],
  ["a number as Sid", policy({ Sid: 1 }), "resource", "Statement[0].Sid must be a string"],
  [
    "no principal",
    policy({ Principal: undefined }),
    "resource",
    "Policy contains a statement with no principal. (Statement[0])",
  ],
  [
    "a principal",
    policy({}),
    "identity",
    "Statement[0].Principal does not belong in a policy of an identity",
  ],
  [
    "no resource",
    policy({ Principal: undefined, Resource: undefined }),
    "identity",
    "Statement[0] has no Resource",
  ],
  [
    "a group",
    policy({ Principal: { AWS: "arn:aws:iam::111122223333:group/g" } }),
    "resource",
    "Policy contains a statement with one or more invalid principals. (Statement[0].Principal.AWS)",
  ],
  [
    "a wildcard in a principal",
    policy({ Principal: { AWS: "arn:aws:iam::111122223333:role/*" } }),
    "resource",
    "Policy contains a statement with one or more invalid principals. (Statement[0].Principal.AWS)",
  ],
  [
    "no principals",
    policy({ Principal: {} }),
    "resource",
    "Policy contains a statement with one or more invalid principals. (Statement[0].Principal)",
  ],
  [
    "a bare service",
    policy({ Principal: { Service: "s3" } }),
    "resource",
    "Policy contains a statement with one or more invalid principals. (Statement[0].Principal.Service)",
  ],
  [
    "another operator",
    policy({ Condition: { StringIs: { "aws:a": "b" } } }),
    "resource",
    "Statement[0].Condition.StringIs is no condition operator",
  ],
  [
    "an inherited name",
    policy({ Condition: { toString: { "aws:a": "b" } } }),
    "resource",
    "Statement[0].Condition.toString is no condition operator",
  ],
  [
    "NullIfExists",
    policy({ Condition: { NullIfExists: { "aws:a": "true" } } }),
    "resource",
    "Statement[0].Condition.NullIfExists is no condition operator",
  ],
  [
    "a key without prefix",
    policy({ Condition: { Bool: { secure: "true" } } }),
    "resource",
    "Statement[0].Condition.Bool.secure is no condition key",
  ],
  [
    "a word as number",
    policy({ Condition: { NumericEquals: { "kms:a": "ten" } } }),
    "resource",
    "Statement[0].Condition.NumericEquals.kms:a has ten, which is no value for NumericEquals",
  ],
  [
    "an object as value",
    policy({ Condition: { StringEquals: { "kms:a": {} } } }),
    "resource",
    "Statement[0].Condition.StringEquals.kms:a must be a string, a number or a boolean",
  ],
  [
    "half an address",
    policy({ Condition: { IpAddress: { "aws:SourceIp": "10.0" } } }),
    "resource",
    "Statement[0].Condition.IpAddress.aws:SourceIp has 10.0, which is no value for IpAddress",
  ],
  ["a statement that is no object", '{"Statement":["Allow"]}', "resource", "Statement[0] must be an object"],
  ["no effect", policy({ Effect: undefined }), "resource", "Statement[0].Effect must be Allow or Deny"],
  ["an Id that is no text", '{"Id":1,"Statement":[]}', "resource", "Id must be a string"],
  [
    "another element of a statement",
    policy({ Resources: "*" }),
    "resource",
    "Statement[0] has the unknown element Resources",
  ],
  [
    "an empty action",
    policy({ Action: "" }),
    "resource",
    "Statement[0].Action must be a string that is not empty",
  ],
  [
    "an action of a list",
    policy({ Action: ["kms:*", 1] }),
    "resource",
    "Statement[0].Action[1] must be a string that is not empty",
  ],
  [
    "both resources",
    policy({ NotResource: "*" }),
    "resource",
    "Statement[0] has both Resource and NotResource",
  ],
  [
    "both principals",
    policy({ NotPrincipal: "*" }),
    "resource",
    "Statement[0] has both Principal and NotPrincipal",
  ],
  [
    "a principal that is a text",
    policy({ Principal: "arn:aws:iam::111122223333:root" }),
    "resource",
    "Statement[0].Principal must be an object",
  ],
  [
    "another type of principal",
    policy({ Principal: { User: "a" } }),
    "resource",
    "Statement[0].Principal has the unknown element User",
  ],
  [
    "a Condition that is a list",
    policy({ Condition: [] }),
    "resource",
    "Statement[0].Condition must be an object",
  ],
  [
    "an operator without keys",
    policy({ Condition: { Bool: "true" } }),
    "resource",
    "Statement[0].Condition.Bool must be an object",
  ],
  [
    "ForAllValues on an encryption context",
    policy({ Condition: { "ForAllValues:StringLike": { "kms:EncryptionContext:a": "b" } } }),
    "resource",
    "OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key matches requests " +
      "without the specified encryption context or with an unspecified encryption context. To fix, remove ForAllValues. " +
      "(Statement[0].Condition.ForAllValues:StringLike.kms:EncryptionContext:a)",
  ],
  [
    "a Sid with a space",
    policy({ Principal: undefined, Sid: "Use it" }),
    "identity",
    "Statement[0].Sid must be of letters and digits alone",
  ],
  [
    "a key id as resource",
    policy({ Principal: undefined, Resource: ["*", "1234abcd"] }),
    "identity",
    'Resource 1234abcd must be in ARN format or "*". (Statement[0].Resource)',
  ],
  [
    "an element twice",
    '{"Version":"2012-10-17","Statement":[],"Version":"2012-10-17"}',
    "resource",
    "Version is there twice",
  ],
  [
    "an element of a statement twice",
    '{"Statement":[{"Effect":"Deny"},{"Effect":"Deny","Action":["a",{"b":"\\"{"}],"\\u0045ffect":"Allow"}]}',
    "resource",
    "Statement[1].Effect is there twice",
  ],
])("%s is refused, and the message names the place", (_, text, kind, message) => {
  const parse = () => parsePolicy(text, kind);
  expect(parse).toThrow(PolicyError);
  expect(parse).toThrow(expect.objectContaining({ message }));
});

test("a Sid stands once", () => {
  const text = JSON.stringify({ Statement: [1, 2].map(() => ({ ...statement, Sid: "a" })) });
  expect(() => parsePolicy(text, "resource")).toThrow("Statement has the Sid a twice");
});

test("the same name in different objects is no repetition, and a Sid of a key policy may have spaces", () => {
  const text = policy({
    Sid: "Enable IAM User Permissions",
    Condition: { Bool: { "aws:a": "true" }, StringEquals: { "aws:a": ["Effect", "Effect"] } },
  });
  expect(parsePolicy(text, "resource").statements[0]?.conditions).toHaveLength(2);
});
