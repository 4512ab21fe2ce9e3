/**
 * The edges of every constraint, made from the operations' own shapes: the least and the most that is taken, and one less and
 * one more, which are refused with the constraint's words.
 */
import type { AnyOperation, Member, Shape } from "@kmslite/service";

/** One value of one member, and whether its constraint holds. */
export interface Edge {
  /** Such as `Limit 1001`. */
  readonly name: string;
  readonly member: string;
  readonly value: unknown;
  /** What the refusal says; the value must not be refused with it if `refused` is false. */
  readonly words: RegExp;
  readonly refused: boolean;
}

/** Longer values are not made: one more than 128 KiB proves no more than one more than 8 KiB does. */
const LONGEST = 300_000;

/** Every edge of the members of an operation's request, one level deep in lists. */
export function edgesOf({ input }: AnyOperation): readonly Edge[] {
  return Object.entries<Member>(input.members).flatMap(([member, { shape }]) => [
    ...rangeEdges(member, shape),
    ...valueEdges(member, shape),
    ...patternEdges(member, shape),
  ]);
}

function rangeEdges(member: string, shape: Shape): readonly Edge[] {
  if (shape.kind !== "string" && shape.kind !== "blob" && shape.kind !== "integer" && shape.kind !== "list")
    return [];
  if (shape.kind === "string" && shape.values !== undefined) return [];
  const what = shape.kind === "integer" ? "value" : "length";
  const edge = (measure: number, relation: "greater" | "less", bound: number, refused: boolean): Edge[] => {
    const value = measure < 0 && what === "length" ? undefined : madeOf(shape, measure);
    const words = new RegExp(
      `at '${lowered(member)}' failed to satisfy constraint: Member must have ${what} ${relation} than or equal to ${bound}`,
    );
    return value === undefined ? [] : [{ name: `${member} of ${measure}`, member, value, words, refused }];
  };
  const { minimum, maximum } = shape;
  return [
    ...(minimum === undefined
      ? []
      : [...edge(minimum - 1, "greater", minimum, true), ...edge(minimum, "greater", minimum, false)]),
    ...(maximum === undefined
      ? []
      : [...edge(maximum, "less", maximum, false), ...edge(maximum + 1, "less", maximum, true)]),
  ];
}

function valueEdges(member: string, shape: Shape): readonly Edge[] {
  if (shape.kind !== "string" || shape.values === undefined) return [];
  const words = new RegExp(
    `at '${lowered(member)}' failed to satisfy constraint: Member must satisfy enum value set`,
  );
  return [
    ...shape.values.map((value) => ({ name: `${member} ${value}`, member, value, words, refused: false })),
    { name: `${member} of no known value`, member, value: "NO_SUCH_VALUE", words, refused: true },
  ];
}

function patternEdges(member: string, shape: Shape): readonly Edge[] {
  if (shape.kind !== "string" || shape.pattern === undefined) return [];
  const words = new RegExp(
    `at '${lowered(member)}' failed to satisfy constraint: Member must satisfy regular expression pattern`,
  );
  // A character that no pattern of the API takes.
  return [{ name: `${member} against its pattern`, member, value: "\u{1f511}", words, refused: true }];
}

/** A value of a length or size; `undefined` if none is made. */
function madeOf(shape: Shape, measure: number): unknown {
  if (measure > LONGEST && shape.kind !== "integer") return undefined;
  switch (shape.kind) {
    case "string":
      return "a".repeat(measure);
    case "blob":
      return new Uint8Array(measure);
    case "integer":
      return measure;
    case "list":
      return Array.from({ length: measure }, () => sampleOf(shape.member));
    default:
      return undefined;
  }
}

/** Something that has the type of a shape. */
function sampleOf(shape: Shape): unknown {
  switch (shape.kind) {
    case "structure":
      return Object.fromEntries(
        Object.entries<Member>(shape.members).map(([name, { shape }]) => [name, sampleOf(shape)]),
      );
    case "string":
      return shape.values?.[0] ?? "a";
    case "list":
      return [];
    case "map":
      return {};
    case "boolean":
      return false;
    case "timestamp":
      return new Date(0);
    default:
      return madeOf(shape, 1);
  }
}

function lowered(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
