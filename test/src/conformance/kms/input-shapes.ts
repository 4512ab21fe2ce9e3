/** Whether a request's shape is the one of the API model: the same members, and the same constraints on each. */
import type { Member, Shape } from "@kmslite/service";
import { type ApiModel, type ModelShape, shapeNamed, valuesOf } from "./api-model.ts";

/** The kinds of ours for the model's types. */
const KINDS: Readonly<Record<string, Shape["kind"]>> = {
  string: "string",
  blob: "blob",
  integer: "integer",
  boolean: "boolean",
  timestamp: "timestamp",
  list: "list",
  map: "map",
  structure: "structure",
};

/** One member against the model: what differs, or `undefined`. */
export function memberDifference(
  model: ApiModel,
  structure: ModelShape,
  name: string,
  member: Member | undefined,
): string | undefined {
  const reference = structure.members?.[name];
  if (reference === undefined) return "the model has no such member";
  if (member === undefined) return "is missing";
  const required = structure.required?.includes(name) === true;
  if (member.required !== required) return required ? "is required in the model" : "is optional in the model";
  return shapeDifference(model, reference.shape, member.shape);
}

function shapeDifference(model: ApiModel, name: string, ours: Shape): string | undefined {
  const theirs = shapeNamed(model, name);
  if (KINDS[theirs.type] !== ours.kind) return `is a ${ours.kind}, in the model a ${theirs.type}`;
  switch (ours.kind) {
    case "string":
      return (
        rangeDifference(theirs, ours) ??
        difference("pattern", theirs.pattern, ours.pattern) ??
        difference("values", valuesOf(name, theirs)?.join(", "), ours.values?.toSorted().join(", "))
      );
    case "blob":
    case "integer":
      return rangeDifference(theirs, ours);
    case "list":
      return (
        rangeDifference(theirs, ours) ??
        within("member", shapeDifference(model, theirs.member?.shape ?? "", ours.member))
      );
    case "map":
      return within("value", shapeDifference(model, theirs.value?.shape ?? "", ours.value));
    case "structure":
      return namesOf(theirs.members, ours.members)
        .map((name) => within(name, memberDifference(model, theirs, name, ours.members[name])))
        .find((found) => found !== undefined);
    default:
      return undefined;
  }
}

/** Names of members on either side. */
export function namesOf(theirs: object | undefined, ours: object): readonly string[] {
  return [...new Set([...Object.keys(theirs ?? {}), ...Object.keys(ours)])];
}

/** A minimum of 0 says nothing. */
function rangeDifference(
  theirs: ModelShape,
  ours: { readonly minimum?: number; readonly maximum?: number },
): string | undefined {
  return (
    difference("minimum", theirs.min || undefined, ours.minimum || undefined) ??
    difference("maximum", theirs.max, ours.maximum)
  );
}

function difference(what: string, theirs: unknown, ours: unknown): string | undefined {
  return theirs === ours ? undefined : `has ${what} ${String(ours)}, in the model ${String(theirs)}`;
}

function within(place: string, found: string | undefined): string | undefined {
  return found === undefined ? undefined : `${place} ${found}`;
}
