/**
 * Checks a request against its shape and words the refusal as AWS does.
 *
 * First types: a wrong one can't be a request at all (SerializationException). Then constraints: all violations are
 * told at once, in one ValidationException.
 */
import { KmsError } from "../errors.ts";
import type { Member, Shape, StringShape, StructureShape } from "./shape.ts";

/**
 * Checks `input` and returns a copy that holds the described members only.
 *
 * @throws {KmsError} SerializationException or ValidationException
 */
export function validate(shape: StructureShape, input: unknown): Record<string, unknown> {
  const request = readStructure(shape, input, "");
  const violations: string[] = [];
  checkStructure(shape, request, "", violations);
  if (violations.length > 0) {
    const plural = violations.length === 1 ? "error" : "errors";
    throw new KmsError(
      "ValidationException",
      `${violations.length} validation ${plural} detected: ${violations.join("; ")}`,
    );
  }
  return request;
}

function read(shape: Shape, value: unknown, path: string): unknown {
  switch (shape.kind) {
    case "string":
      return typeof value === "string" ? value : refuseType(path, "a string");
    case "blob":
      return value instanceof Uint8Array ? value : refuseType(path, "a blob");
    case "boolean":
      return typeof value === "boolean" ? value : refuseType(path, "a boolean");
    case "integer":
      return isInteger(value) ? value : refuseType(path, "an integer");
    case "timestamp":
      return value instanceof Date && !Number.isNaN(value.getTime())
        ? value
        : refuseType(path, "a timestamp");
    case "list":
      if (!Array.isArray(value)) return refuseType(path, "a list");
      return Array.from(value, (item, index) => read(shape.member, item, memberPath(path, index)));
    case "map":
      return readMap(shape.value, value, path);
    case "structure":
      return readStructure(shape, value, path);
  }
}

/** A member with its name, and with the one that it has in AWS's messages, which begins in lower case. */
interface NamedMember extends Member {
  readonly name: string;
  readonly shown: string;
}

const members = new WeakMap<StructureShape, readonly NamedMember[]>();

/** The members of a structure as a list, made at its first use. */
function membersOf(shape: StructureShape): readonly NamedMember[] {
  let list = members.get(shape);
  if (list === undefined) {
    list = Object.entries(shape.members).map(([name, member]) => ({
      ...member,
      name,
      shown: name.slice(0, 1).toLowerCase() + name.slice(1),
    }));
    members.set(shape, list);
  }
  return list;
}

/** A null-prototype object, so that no key of the caller's meets one of JavaScript's. */
function readMap(valueShape: Shape, value: unknown, path: string): Record<string, unknown> {
  if (!isObject(value)) return refuseType(path, "a map");
  const map: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    map[key] = read(valueShape, item, `${path}.${key}`);
  }
  return map;
}

function readStructure(shape: StructureShape, value: unknown, path: string): Record<string, unknown> {
  if (!isObject(value)) return refuseType(path, "a structure");
  const structure: Record<string, unknown> = {};
  for (const { name, shown, shape: member } of membersOf(shape)) {
    const item = Object.hasOwn(value, name) ? value[name] : undefined;
    if (item !== undefined && item !== null) structure[name] = read(member, item, join(path, shown));
  }
  return structure;
}

function check(shape: Shape, value: unknown, path: string, violations: string[]): void {
  switch (shape.kind) {
    case "string":
      checkString(shape, value as string, path, violations);
      break;
    case "blob": {
      const { length } = value as Uint8Array;
      const shown = () => shownAs(shape.sensitive === true ? "" : "java.nio.HeapByteBuffer", path);
      checkRange(shape, length, "length", shown, violations);
      break;
    }
    case "integer":
      checkRange(shape, value as number, "value", () => shownAs(String(value), path), violations);
      break;
    case "list": {
      const items = value as unknown[];
      const shown = () =>
        shownAs(items.every((item) => typeof item === "string") ? `[${items.join(", ")}]` : "", path);
      checkRange(shape, items.length, "length", shown, violations);
      for (const [index, item] of items.entries())
        check(shape.member, item, memberPath(path, index), violations);
      break;
    }
    case "map":
      for (const [key, item] of Object.entries(value as object)) {
        if (key === "__proto__") {
          violations.push(
            `${shownAs(key, path)} failed to satisfy constraint: Map keys must not be __proto__`,
          );
        }
        check(shape.value, item, `${path}.${key}.member`, violations);
      }
      break;
    case "structure":
      checkStructure(shape, value as Record<string, unknown>, path, violations);
      break;
  }
}

function checkStructure(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
  path: string,
  violations: string[],
): void {
  for (const { name, shown, shape: member, required } of membersOf(shape)) {
    const item = value[name];
    if (item !== undefined) check(member, item, join(path, shown), violations);
    else if (required) {
      violations.push(
        `Value null at '${join(path, shown)}' failed to satisfy constraint: Member must not be null`,
      );
    }
  }
}

function checkString(shape: StringShape, value: string, path: string, violations: string[]): void {
  const shown = () => shownAs(shape.sensitive === true ? "" : value, path);
  if (shape.values !== undefined && !shape.values.includes(value)) {
    violations.push(
      `${shown()} failed to satisfy constraint: Member must satisfy enum value set: [${shape.values.join(", ")}]`,
    );
  }
  checkRange(shape, value.length, "length", shown, violations);
  if (shape.pattern !== undefined && !wholePattern(shape.pattern).test(value)) {
    violations.push(
      `${shown()} failed to satisfy constraint: Member must satisfy regular expression pattern: ${shape.pattern}`,
    );
  }
}

function checkRange(
  range: { readonly minimum?: number; readonly maximum?: number },
  measure: number,
  what: "length" | "value",
  shown: () => string,
  violations: string[],
): void {
  const refuse = (relation: string, bound: number) =>
    violations.push(
      `${shown()} failed to satisfy constraint: Member must have ${what} ${relation} than or equal to ${bound}`,
    );
  if (range.minimum !== undefined && measure < range.minimum) refuse("greater", range.minimum);
  if (range.maximum !== undefined && measure > range.maximum) refuse("less", range.maximum);
}

/** How AWS names an offending value; a sensitive one is not shown. */
function shownAs(value: string, path: string): string {
  return value === "" ? `Value at '${path}'` : `Value '${value}' at '${path}'`;
}

const patterns = new Map<string, RegExp>();

/** AWS's patterns match the whole value, anchored or not. */
function wholePattern(pattern: string): RegExp {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) {
    compiled = new RegExp(`^(?:${pattern})$`, "u");
    patterns.set(pattern, compiled);
  }
  return compiled;
}

function join(path: string, shown: string): string {
  return path === "" ? shown : `${path}.${shown}`;
}

function memberPath(path: string, index: number): string {
  return `${path}.${index + 1}.member`;
}

function refuseType(path: string, expected: string): never {
  const place = path === "" ? "The request" : `The value at '${path}'`;
  throw new KmsError("SerializationException", `${place} must be ${expected}`);
}

function isInteger(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= 2 ** 31 - 1;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
