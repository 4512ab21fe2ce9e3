/** Reading a policy's JSON, element by element. */
import { PolicyError } from "./policy-error.ts";

export type Named = Readonly<Record<string, unknown>>;

/** @throws {PolicyError} unless it is an object, with no other names than `known` */
export function objectAt(json: unknown, place: string, known?: ReadonlySet<string>): Named {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new PolicyError(place, "must be an object");
  const unknown = known && Object.keys(json).find((name) => !known.has(name));
  if (unknown !== undefined) throw new PolicyError(place, `has the unknown element ${unknown}`);
  return json as Named;
}

export function textAt(json: unknown, place: string): string {
  if (typeof json !== "string") throw new PolicyError(place, "must be a string");
  return json;
}

/** A text that is not empty, or a list of such; `scalars` are taken as texts too, as Condition blocks write them. */
export function listOfTexts(json: unknown, place: string, scalars = false): string[] {
  return (Array.isArray(json) ? json : [json]).map((value: unknown, index) => {
    if (scalars && (typeof value === "boolean" || typeof value === "number")) return String(value);
    if (typeof value === "string" && (value !== "" || scalars)) return value;
    const at = Array.isArray(json) ? `${place}[${index}]` : place;
    throw new PolicyError(
      at,
      scalars ? "must be a string, a number or a boolean" : "must be a string that is not empty",
    );
  });
}

/** An element or its opposite, `Not…`; both at once are refused. */
export function elementAt(
  statement: Named,
  place: string,
  name: string,
): { readonly value: unknown; readonly negated: boolean; readonly place: string } | undefined {
  const opposite = `Not${name}`;
  const [value, negatedValue] = [statement[name], statement[opposite]];
  if (value !== undefined && negatedValue !== undefined)
    throw new PolicyError(place, `has both ${name} and ${opposite}`);
  if (value !== undefined) return { value, negated: false, place: `${place}.${name}` };
  if (negatedValue !== undefined)
    return { value: negatedValue, negated: true, place: `${place}.${opposite}` };
  return undefined;
}
