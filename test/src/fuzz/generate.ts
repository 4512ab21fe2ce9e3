/**
 * Requests made from an operation's own shapes: mostly what it takes, sometimes an edge of a constraint, sometimes garbage of
 * another type, and values from the answers before.
 */
import type { AnyOperation, Member, Shape } from "@kmslite/service";
import type { Random } from "../soak/random.ts";
import type { Pool } from "./pool.ts";

/** A request for an operation. */
export function requestFor({ input }: AnyOperation, random: Random, pool: Pool): Record<string, unknown> {
  const request: Record<string, unknown> = {};
  for (const [name, member] of Object.entries<Member>(input.members)) {
    if (random.below(100) < (member.required ? 95 : 30))
      request[name] = memberValue(name, member, random, pool);
  }
  if (random.below(50) === 0) request["NoSuchMember"] = garbage(random);
  return request;
}

function memberValue(name: string, { shape }: Member, random: Random, pool: Pool): unknown {
  const mode = random.below(100);
  if (mode < 4) return garbage(random);
  if (mode < 60) {
    const known = pool.valueFor(name, random);
    if (known !== undefined)
      return shape.kind === "list" ? [known] : mode < 50 ? known : mutated(known, random);
  }
  return valueOfShape(shape, random);
}

function valueOfShape(shape: Shape, random: Random): unknown {
  switch (shape.kind) {
    case "string":
      if (shape.values !== undefined && random.below(30) > 0)
        return shape.values[random.below(shape.values.length)];
      return text(sizeIn(shape, random, 64), random);
    case "blob":
      return random.bytes(sizeIn(shape, random, 300));
    case "integer":
      return edgeOrBetween(shape.minimum ?? -3, shape.maximum ?? 1000, random);
    case "boolean":
      return random.below(3) === 0;
    case "timestamp":
      return new Date(random.below(2 ** 31) * 1000);
    case "list":
      return Array.from({ length: random.below(random.below(40) === 0 ? 60 : 4) }, () =>
        valueOfShape(shape.member, random),
      );
    case "map":
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, () => [
          text(random.below(8), random),
          valueOfShape(shape.value, random),
        ]),
      );
    case "structure":
      return Object.fromEntries(
        Object.entries<Member>(shape.members)
          .filter(([, member]) => member.required || random.below(2) === 0)
          .map(([name, member]) => [name, valueOfShape(member.shape, random)]),
      );
  }
}

/** A length: an edge one time in eight, one beyond it now and then, else something short. */
function sizeIn(
  range: { readonly minimum?: number; readonly maximum?: number },
  random: Random,
  usual: number,
): number {
  const minimum = range.minimum ?? 0;
  if (random.below(8) > 0) return minimum + random.below(usual);
  return Math.min(10_000, Math.max(0, edgeOrBetween(minimum, range.maximum ?? 100, random)));
}

function edgeOrBetween(minimum: number, maximum: number, random: Random): number {
  const edges = [minimum - 1, minimum, minimum + 1, maximum - 1, maximum, maximum + 1, 0, -1, 2 ** 31 - 1];
  return random.below(2) === 0
    ? (edges[random.below(edges.length)] ?? 0)
    : minimum + random.below(Math.max(1, Math.min(maximum - minimum, 2 ** 31)));
}

const CHARACTERS = [
  "a",
  "B",
  "0",
  "/",
  "-",
  "_",
  ":",
  ".",
  "*",
  " ",
  "\u0000",
  "\u00e9",
  "\u{1f511}",
  "\ud800",
  '"',
  "\\",
];

function text(length: number, random: Random): string {
  const plain = random.below(3) > 0;
  const one = () => (plain ? "abc0-/"[random.below(6)] : CHARACTERS[random.below(CHARACTERS.length)]);
  return Array.from({ length: Math.min(length, 10_000) }, one).join("");
}

/** The same value with something changed. */
function mutated(value: unknown, random: Random): unknown {
  if (value instanceof Uint8Array) {
    const copy = value.slice(0, random.below(4) === 0 ? random.below(value.length + 1) : value.length);
    if (copy.length > 0) copy[random.below(copy.length)] = random.below(256);
    return copy;
  }
  if (typeof value !== "string") return value;
  const at = random.below(value.length + 1);
  return value.slice(0, at) + text(random.below(3), random) + value.slice(at + random.below(2));
}

/** Something of any type, that no operation asks for. */
function garbage(random: Random): unknown {
  const choices: readonly (() => unknown)[] = [
    () => null,
    () => true,
    () => Number.NaN,
    () => 1e308,
    () => -0.5,
    () => "",
    () => [],
    () => ({}),
    () => [[[[]]]],
    () => ({ __proto__: null, constructor: 1 }),
    () => JSON.parse('{"__proto__": {"a": 1}}'),
    () => new Date(Number.NaN),
    () => new Uint8Array(0),
    () => text(random.below(200), random),
    () => Symbol.iterator,
    () => () => 1,
    () => 10n,
  ];
  return choices[random.below(choices.length)]?.();
}
