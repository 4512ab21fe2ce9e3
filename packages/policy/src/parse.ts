/** From JSON to a {@link PolicyDocument}, strictly: unknown elements, operators and values are refused, with their place. */
import { CONDITION_OPERATORS } from "./condition-operators.ts";
import type { Condition, Matcher, PolicyDocument, PolicyVersion, Statement } from "./document.ts";
import { elementAt, listOfTexts, type Named, objectAt, textAt } from "./json.ts";
import { parsePattern } from "./pattern.ts";
import { PolicyError } from "./policy-error.ts";
import { parsePrincipal } from "./principal-element.ts";
import { repeatedKey } from "./repeated-keys.ts";

/**
 * What the policy is attached to. Policies of resources name principals; those of identities, permissions boundaries and
 * sessions don't.
 */
export type PolicyKind = "resource" | "identity";

/** The place of the document as a whole. */
const WHOLE = "The policy";
const DOCUMENT = new Set(["Version", "Id", "Statement"]);
const STATEMENT = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);
const NO_PRINCIPAL = "Policy contains a statement with no principal.";
/** Key policies may have anything in a Sid, as the default one has spaces. */
const IDENTITY_SID = /^[A-Za-z0-9]*$/;
const ACTION = /^(?:\*|[a-z0-9-]+:[a-z0-9*?]+)$/i;
const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;
const SINGLE_VALUED = /^(?:kms:EncryptionContext:|aws:RequestTag\/)/i;
const CONDITION_KEY = /^[a-z0-9-]+:.+$/i;

/**
 * Parses a policy document. In a policy of a resource a statement may have no Action or no Resource, and then applies to nothing.
 *
 * @throws {PolicyError} if it is none; its place names the element
 */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new PolicyError(WHOLE, "is not valid JSON");
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw new PolicyError(repeated, "is there twice");
  const document = objectAt(json, WHOLE, DOCUMENT);
  const version = versionOf(document);
  if (document["Id"] !== undefined) textAt(document["Id"], "Id");
  const { Statement: given } = document;
  if (given === undefined) throw new PolicyError("Statement", "is missing");
  const list = Array.isArray(given) ? given : [given];
  if (list.length === 0) throw new PolicyError("Statement", "must not be empty");
  const statements = list.map((statement, index) =>
    parseStatement(statement, Array.isArray(given) ? `Statement[${index}]` : "Statement", kind, version),
  );
  const sids = statements.flatMap(({ sid }) => sid ?? []);
  const twice = sids.find((sid, index) => sids.indexOf(sid) !== index);
  if (twice !== undefined) throw new PolicyError("Statement", `has the Sid ${twice} twice`);
  return { version, statements };
}

function versionOf(document: Named): PolicyVersion {
  const { Version: version = "2008-10-17" } = document;
  if (version === "2008-10-17" || version === "2012-10-17") return version;
  throw new PolicyError("Version", "must be 2012-10-17 or 2008-10-17");
}

function parseStatement(json: unknown, place: string, kind: PolicyKind, version: PolicyVersion): Statement {
  const element = objectAt(json, place, STATEMENT);
  const { Sid: sid, Effect: effect } = element;
  if (effect !== "Allow" && effect !== "Deny")
    throw new PolicyError(`${place}.Effect`, "must be Allow or Deny");
  const variables = version === "2012-10-17";
  const resource = parseMatcher(element, place, "Resource", (value, at) => {
    if (kind === "identity" && value !== "*" && !value.startsWith("arn:"))
      throw new PolicyError(at, `Resource ${value} must be in ARN format or "*".`, true);
    return parsePattern(value, { wildcards: true, variables });
  });
  const action = parseMatcher(element, place, "Action", (value, at) => {
    if (!ACTION.test(value))
      throw new PolicyError(at, `has ${value}, which is no action such as kms:Encrypt`);
    return parsePattern(value.toLowerCase(), { wildcards: true, variables: false });
  });
  if (kind === "identity" && (action === undefined || resource === undefined))
    throw new PolicyError(place, `has no ${action === undefined ? "Action" : "Resource"}`);
  return {
    place,
    ...sidOf(sid, `${place}.Sid`, kind),
    effect,
    ...principalOf(element, place, kind),
    ...(action === undefined ? {} : { action }),
    ...(resource === undefined ? {} : { resource }),
    conditions: parseConditions(element["Condition"], `${place}.Condition`, variables),
  };
}

function sidOf(sid: unknown, place: string, kind: PolicyKind): Pick<Statement, "sid"> {
  if (sid === undefined) return {};
  const text = textAt(sid, place);
  if (kind === "identity" && !IDENTITY_SID.test(text))
    throw new PolicyError(place, "must be of letters and digits alone");
  return { sid: text };
}

function principalOf(element: Named, place: string, kind: PolicyKind): Pick<Statement, "principal"> {
  const found = elementAt(element, place, "Principal");
  if (kind === "identity") {
    if (found !== undefined) throw new PolicyError(found.place, "does not belong in a policy of an identity");
    return {};
  }
  if (found === undefined) throw new PolicyError(place, NO_PRINCIPAL, true);
  return { principal: parsePrincipal(found.value, found.place, found.negated) };
}

function parseMatcher(
  element: Named,
  place: string,
  name: "Action" | "Resource",
  parse: (value: string, place: string) => Matcher["patterns"][number],
): Matcher | undefined {
  const found = elementAt(element, place, name);
  if (found === undefined) return undefined;
  const values = listOfTexts(found.value, found.place);
  return { negated: found.negated, patterns: values.map((value) => parse(value, found.place)) };
}

function parseConditions(json: unknown, place: string, variables: boolean): Condition[] {
  if (json === undefined) return [];
  return Object.entries(objectAt(json, place)).flatMap(([name, keys]) => {
    const [, quantifier, base = "", ifExists] = OPERATOR.exec(name) ?? [];
    const operator = Object.hasOwn(CONDITION_OPERATORS, base) ? CONDITION_OPERATORS[base] : undefined;
    const at = `${place}.${name}`;
    if (operator === undefined || (operator.presence && ifExists !== undefined))
      throw new PolicyError(at, "is no condition operator");
    return Object.entries(objectAt(keys, at)).map(([key, given]): Condition => {
      const values = listOfTexts(given, `${at}.${key}`, true);
      if (!CONDITION_KEY.test(key)) throw new PolicyError(`${at}.${key}`, "is no condition key");
      if (quantifier === "ForAllValues") assertSeveralValued(key, `${at}.${key}`);
      const wrong = values.find((value) => !operator.accepts(value));
      if (wrong !== undefined)
        throw new PolicyError(`${at}.${key}`, `has ${wrong}, which is no value for ${base}`);
      const { wildcards, text } = operator.syntax;
      return {
        name,
        operator,
        ...(quantifier === undefined ? {} : { quantifier: quantifier as "ForAllValues" | "ForAnyValue" }),
        ifExists: ifExists !== undefined,
        key: key.toLowerCase(),
        spelling: key,
        values: values.map((value) => parsePattern(value, { wildcards, variables: variables && text })),
      };
    });
  });
}

/** @throws {PolicyError} for a key that a request has one value of, or none: ForAllValues is true of every request without it */
function assertSeveralValued(key: string, place: string): void {
  if (!SINGLE_VALUED.test(key)) return;
  const what = /^kms:/i.test(key) ? "encryption context" : "tag";
  const sentence =
    "OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key matches " +
    `requests without the specified ${what} or with an unspecified ${what}. To fix, remove ForAllValues.`;
  throw new PolicyError(place, sentence, true);
}
