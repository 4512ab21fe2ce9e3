/** Condition blocks for the second evaluator (IAM User Guide, "Condition operators" and "Set operators for multivalued keys"). */
import { textFits, textOf } from "./naive-text.ts";

/** Condition keys as AWS spells them, with the values that the request has. */
export type Values = Readonly<Record<string, readonly string[]>>;

/** All operators of a block, all keys of an operator: every one has to be met. */
export function conditionsAreMet(
  block: unknown,
  variables: boolean,
  values: Values,
): boolean | "met but for a variable" {
  let unknown = false;
  for (const [operator, keys] of Object.entries((block ?? {}) as Record<string, Record<string, unknown>>)) {
    for (const [key, wanted] of Object.entries(keys)) {
      const texts = (Array.isArray(wanted) ? wanted : [wanted]).map(String);
      const result = conditionIsMet(operator, key, texts, variables, values);
      if (!result.met) return false;
      if (result.unknown) unknown = true;
    }
  }
  return unknown ? "met but for a variable" : true;
}

function conditionIsMet(
  operator: string,
  key: string,
  wanted: readonly string[],
  variables: boolean,
  values: Values,
): { readonly met: boolean; readonly unknown: boolean } {
  const spelled = Object.keys(values).find((name) => name.toLowerCase() === key.toLowerCase());
  const found = spelled === undefined ? [] : (values[spelled] ?? []);
  if (operator.replace(/^.*:/, "") === "Null") {
    const absent = found.length === 0;
    return { met: wanted.some((text) => (text.toLowerCase() === "true") === absent), unknown: false };
  }
  const forAll = operator.startsWith("ForAllValues:");
  const forAny = operator.startsWith("ForAnyValue:");
  const ifExists = operator.endsWith("IfExists");
  const name = operator.replace(/^.*:/, "").replace(/IfExists$/, "");
  const not = name.includes("Not");
  const comparison = name.replace("Not", "");

  const unknown =
    /^(String|Arn)/.test(comparison) && wanted.some((text) => textOf(text, variables, values) === undefined);
  if (found.length === 0) {
    if (forAll) return { met: true, unknown };
    if (forAny) return { met: false, unknown };
    return { met: ifExists || not, unknown };
  }
  const one = (actual: string): boolean => {
    const among = wanted.some((text) => compare(comparison, text, actual, variables, values) === true);
    return not ? !among : among;
  };
  if (forAll) return { met: found.every(one), unknown };
  if (forAny) return { met: found.some(one), unknown };
  // Several values without a set operator: any may fit a positive operator, none may fit a negated one.
  return { met: not ? found.every(one) : found.some(one), unknown };
}

function compare(
  comparison: string,
  wanted: string,
  actual: string,
  variables: boolean,
  values: Values,
): boolean | undefined {
  const text = textOf(wanted, variables, values);
  switch (comparison) {
    case "StringEquals":
      return text === actual;
    case "StringEqualsIgnoreCase":
      return text?.toLowerCase() === actual.toLowerCase();
    case "StringLike":
      return textFits(wanted, actual, variables, values);
    case "ArnEquals":
    case "ArnLike":
      return arnFits(wanted, actual, variables, values);
    case "Bool":
      return isTruth(actual) && wanted.toLowerCase() === actual.toLowerCase();
    case "BinaryEquals":
      return wanted === actual;
    case "NumericEquals":
      return isNumber(actual) && Number(actual) === Number(wanted);
    case "NumericLessThan":
      return isNumber(actual) && Number(actual) < Number(wanted);
    case "NumericLessThanEquals":
      return isNumber(actual) && Number(actual) <= Number(wanted);
    case "NumericGreaterThan":
      return isNumber(actual) && Number(actual) > Number(wanted);
    case "NumericGreaterThanEquals":
      return isNumber(actual) && Number(actual) >= Number(wanted);
    case "DateEquals":
      return seconds(actual) === seconds(wanted);
    case "DateLessThan":
      return seconds(actual) < seconds(wanted);
    case "DateLessThanEquals":
      return seconds(actual) <= seconds(wanted);
    case "DateGreaterThan":
      return seconds(actual) > seconds(wanted);
    case "DateGreaterThanEquals":
      return seconds(actual) >= seconds(wanted);
    case "IpAddress":
      return addressIsIn(wanted, actual);
    default:
      throw new Error(`No such comparison: ${comparison}`);
  }
}

function isTruth(text: string): boolean {
  return ["true", "false"].includes(text.toLowerCase());
}

function isNumber(text: string): boolean {
  return text.trim() === text && text !== "" && !Number.isNaN(Number(text));
}

/** ISO 8601, or seconds since 1970; NaN, which nothing equals, for anything else. */
function seconds(text: string): number {
  return isNumber(text) ? Number(text) : new Date(text).getTime() / 1000;
}

/** "Each of the six colon-delimited components of the ARN is checked separately." */
function arnFits(wanted: string, actual: string, variables: boolean, values: Values): boolean | undefined {
  if (textOf(wanted, variables, values) === undefined) return undefined;
  if (wanted === "*") return true;
  const have = componentsOf(actual);
  if (have.length !== 6) return false;
  const want = componentsOf(wanted);
  // A variable that stands for more than one component: the ARN as a whole.
  if (want.length !== 6) return variables && wanted.includes("${") && textFits(wanted, actual, true, values);
  return want.every((component, index) => textFits(component, have[index] ?? "", variables, values) === true);
}

/** Parts between colons, of which the last may have more; a colon inside of `${…}` separates nothing. */
function componentsOf(arn: string): string[] {
  const hidden = arn.replace(/\$\{[^}]*\}/g, (variable) => variable.replaceAll(":", "\u0000"));
  const parts = hidden.split(":");
  const six = parts.length > 6 ? [...parts.slice(0, 5), parts.slice(5).join(":")] : parts;
  return six.map((part) => part.replaceAll("\u0000", ":"));
}

/** Addresses as lists of bits. */
function addressIsIn(range: string, actual: string): boolean {
  const [address = "", length] = range.split("/");
  const network = bitsOf(address);
  const bits = bitsOf(actual);
  if (network === undefined || bits === undefined || network.length !== bits.length) return false;
  const prefix = length === undefined ? network.length : Number(length);
  return network.slice(0, prefix) === bits.slice(0, prefix);
}

function bitsOf(address: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(address))
    return address
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  if (!address.includes(":")) return undefined;
  const [before = "", after] = address.split("::");
  const left = before === "" ? [] : before.split(":");
  const right = after === undefined || after === "" ? [] : after.split(":");
  const missing = after === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: missing }, () => "0"), ...right]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0"))
    .join("");
}
