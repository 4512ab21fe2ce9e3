/** Whether an answer has the form of the API model's output: no other members, the right types, constraints kept. */
import { type ApiModel, type ModelShape, shapeNamed, valuesOf } from "./api-model.ts";

/** What is wrong with a value of a shape, or `undefined`. */
export function valueFault(model: ApiModel, shapeName: string, value: unknown): string | undefined {
  const shape = shapeNamed(model, shapeName);
  switch (shape.type) {
    case "string":
      return typeof value === "string" ? textFault(shapeName, shape, value) : "is no text";
    case "blob":
      return value instanceof Uint8Array ? rangeFault(shape, value.length, "bytes") : "is no blob";
    case "boolean":
      return typeof value === "boolean" ? undefined : "is no boolean";
    case "integer":
      return Number.isInteger(value) ? rangeFault(shape, value as number, "as its value") : "is no integer";
    case "timestamp":
      return value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : "is no timestamp";
    case "list":
      return Array.isArray(value) ? listFault(model, shape, value) : "is no list";
    case "structure":
      return typeof value === "object" && value !== null
        ? structureFault(model, shape, value as Readonly<Record<string, unknown>>)
        : "is no structure";
    default:
      return `has the type ${shape.type}, which no answer has had so far`;
  }
}

function textFault(name: string, shape: ModelShape, value: string): string | undefined {
  if (valuesOf(name, shape)?.includes(value) === false) return `is ${value}, none of the model's values`;
  if (shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`, "u").test(value)) {
    return `does not match ${shape.pattern}`;
  }
  return rangeFault(shape, value.length, "characters");
}

function listFault(model: ApiModel, shape: ModelShape, items: readonly unknown[]): string | undefined {
  return (
    rangeFault(shape, items.length, "members") ??
    items
      .map((item) => valueFault(model, shape.member?.shape ?? "", item))
      .find((fault) => fault !== undefined)
  );
}

function structureFault(
  model: ApiModel,
  shape: ModelShape,
  value: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const name of shape.required ?? []) if (value[name] === undefined) return `lacks ${name}`;
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const member = shape.members?.[name];
    if (member === undefined) return `has ${name}, which the model does not know`;
    const fault = valueFault(model, member.shape, item);
    if (fault !== undefined) return `${name} ${fault}`;
  }
  return undefined;
}

function rangeFault({ min, max }: ModelShape, measure: number, what: string): string | undefined {
  const fits = measure >= (min ?? Number.NEGATIVE_INFINITY) && measure <= (max ?? Number.POSITIVE_INFINITY);
  return fits ? undefined : `has ${measure} ${what}`;
}
