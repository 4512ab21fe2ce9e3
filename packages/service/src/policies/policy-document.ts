/**
 * What a key policy must be before it is kept (IAM User Guide, "Grammar of the IAM JSON policy language"; AWS KMS Developer
 * Guide, "Key policies"). A statement without Action or Resource is taken, as at AWS: it has no effect.
 */
import { KmsError } from "../errors.ts";

/** One statement, as far as it can be told without evaluating it. */
export interface PolicyStatement {
  readonly effect: "Allow" | "Deny";
  /** By kind, such as `AWS`; `undefined` if the statement names whom it is not for. */
  readonly principals: Readonly<Record<string, readonly string[]>> | undefined;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly conditional: boolean;
}

/** AWS KMS keeps key policies of up to 32 KiB. */
const MAXIMUM_BYTES = 32_768;

const VERSIONS = ["2012-10-17", "2008-10-17"];
const DOCUMENT = ["Version", "Id", "Statement"];
const STATEMENT = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];
const PRINCIPAL_KINDS = ["AWS", "Service", "Federated", "CanonicalUser"];

/** Everybody, an account, or the ARN of a root user, user, role or session. Groups are no principals. */
const AWS_PRINCIPAL =
  /^(?:\*|[0-9]{12}|arn:aws[a-z-]*:(?:iam::[0-9]{12}:(?:root|user\/.+|role\/.+)|sts::[0-9]{12}:(?:assumed-role\/.+\/.+|federated-user\/.+)|iam::cloudfront:user\/.+))$/;

const OPERATOR =
  /^(?:(?:ForAllValues|ForAnyValue):)?(?:String(?:Not)?Equals(?:IgnoreCase)?|String(?:Not)?Like|Numeric(?:(?:Not)?Equals|LessThan(?:Equals)?|GreaterThan(?:Equals)?)|Date(?:(?:Not)?Equals|LessThan(?:Equals)?|GreaterThan(?:Equals)?)|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like)|Null)(?:IfExists)?$/i;

/** Condition keys of which a request has one value at most: for none of them, ForAllValues is true of a request without. */
const SINGLE_VALUED = /^(?:kms:EncryptionContext:|aws:RequestTag\/)/i;

/**
 * Reads and checks a key policy.
 *
 * @param text 32,768 bytes at most
 * @throws {KmsError} MalformedPolicyDocumentException, which says where; LimitExceededException
 */
export function parsePolicyDocument(text: string): readonly PolicyStatement[] {
  if (new TextEncoder().encode(text).length > MAXIMUM_BYTES) {
    throw new KmsError("LimitExceededException", `A key policy can be at most ${MAXIMUM_BYTES} bytes long`);
  }
  const document = objectAt("The policy", parse(text));
  assertNames("The policy", document, DOCUMENT);
  const { Version: version, Id: id, Statement: statement } = document;
  if (version !== undefined && (typeof version !== "string" || !VERSIONS.includes(version))) {
    refuse("Version", `must be ${VERSIONS.join(" or ")}`);
  }
  if (id !== undefined && typeof id !== "string") refuse("Id", "must be a string");
  if (statement === undefined) refuse("Statement", "is missing");
  const statements = Array.isArray(statement) ? statement : [statement];
  if (statements.length === 0) refuse("Statement", "must not be empty");
  return statements.map((one, index) => statementAt(`Statement[${index}]`, one));
}

function statementAt(place: string, value: unknown): PolicyStatement {
  const statement = objectAt(place, value);
  assertNames(place, statement, STATEMENT);
  const { Sid: sid, Effect: effect } = statement;
  if (sid !== undefined && typeof sid !== "string") refuse(`${place}.Sid`, "must be a string");
  if (effect !== "Allow" && effect !== "Deny") refuse(`${place}.Effect`, "must be Allow or Deny");
  for (const name of ["Principal", "Action", "Resource"]) {
    if (statement[name] !== undefined && statement[`Not${name}`] !== undefined) {
      refuse(place, `has both ${name} and Not${name}`);
    }
  }
  const named = statement["Principal"] ?? statement["NotPrincipal"];
  const principalName = statement["Principal"] === undefined ? "NotPrincipal" : "Principal";
  if (named === undefined) {
    refuse(place, "Policy contains a statement with no principal.", true);
  }
  const principals = principalsAt(`${place}.${principalName}`, named);
  const texts = (name: string) => textsAt(`${place}.${name}`, statement[name]);
  const condition = statement["Condition"];
  if (condition !== undefined) assertCondition(`${place}.Condition`, condition);
  return {
    effect,
    principals: principalName === "Principal" ? principals : undefined,
    actions: texts("Action"),
    notActions: texts("NotAction"),
    resources: texts("Resource"),
    notResources: texts("NotResource"),
    conditional: condition !== undefined && Object.keys(condition as object).length > 0,
  };
}

function principalsAt(place: string, value: unknown): Readonly<Record<string, readonly string[]>> {
  if (value === "*") return { AWS: ["*"] };
  const kinds = objectAt(place, value);
  assertNames(place, kinds, PRINCIPAL_KINDS);
  const principals = Object.entries(kinds).map(
    ([kind, names]) => [kind, textsAt(`${place}.${kind}`, names)] as const,
  );
  if (principals.every(([, names]) => names.length === 0)) refuse(place, INVALID_PRINCIPALS, true);
  for (const [kind, names] of principals) {
    const index = kind === "AWS" ? names.findIndex((name) => !AWS_PRINCIPAL.test(name)) : -1;
    if (index >= 0) refuse(`${place}.AWS[${index}]`, INVALID_PRINCIPALS, true);
  }
  return Object.fromEntries(principals);
}

const INVALID_PRINCIPALS = "Policy contains a statement with one or more invalid principals.";

function assertCondition(place: string, value: unknown): void {
  for (const [operator, block] of Object.entries(objectAt(place, value))) {
    const at = `${place}.${operator}`;
    if (!OPERATOR.test(operator)) refuse(at, "is no condition operator");
    for (const [key, values] of Object.entries(objectAt(at, block))) {
      const list = Array.isArray(values) ? values : [values];
      if (list.some((one) => !["string", "number", "boolean"].includes(typeof one))) {
        refuse(`${at}.${key}`, "must be a string, a number, a boolean, or a list of them");
      }
      if (/^ForAllValues:/i.test(operator) && SINGLE_VALUED.test(key)) {
        const what = /^kms:/i.test(key) ? "encryption context" : "tag";
        const sentence =
          "OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key matches " +
          `requests without the specified ${what} or with an unspecified ${what}. To fix, remove ForAllValues.`;
        refuse(`${at}.${key}`, sentence, true);
      }
    }
  }
}

/** A text or a list of texts; none if there is nothing. */
function textsAt(place: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  const texts = Array.isArray(value) ? value : [value];
  const index = texts.findIndex((text) => typeof text !== "string" || text === "");
  if (index >= 0)
    refuse(Array.isArray(value) ? `${place}[${index}]` : place, "must be a string that is not empty");
  return texts;
}

function objectAt(place: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  return refuse(place, "must be an object");
}

function assertNames(place: string, value: object, names: readonly string[]): void {
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(place, `has the unknown element ${unknown}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KmsError("MalformedPolicyDocumentException", "The key policy is not valid JSON");
  }
}

/** @param worded whether `what` is a sentence of AWS's own, which the place follows */
function refuse(place: string, what: string, worded = false): never {
  throw new KmsError(
    "MalformedPolicyDocumentException",
    worded ? `${what} (${place})` : `Syntax error in policy: ${place} ${what}`,
  );
}
