/** AWS's API model of KMS (`service-2.json`): shapes with their constraints. */
import { readFileSync } from "node:fs";
import * as sdk from "@aws-sdk/client-kms";

/** A shape as the model has it. */
export interface ModelShape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

export interface ApiModel {
  readonly operations: Readonly<
    Record<
      string,
      { readonly input?: { readonly shape: string }; readonly output?: { readonly shape: string } }
    >
  >;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

export function readApiModel(path: string): ApiModel {
  return JSON.parse(readFileSync(path, "utf8")) as ApiModel;
}

/** @throws if the model names a shape that it does not hold */
export function shapeNamed(model: ApiModel, name: string): ModelShape {
  const shape = model.shapes[name];
  if (shape === undefined) throw new Error(`The API model has no shape ${name}`);
  return shape;
}

/**
 * The values that a shape's text may have, sorted; `undefined` if any may be. The official SDK is newer than the model, and names
 * values that came since: the newest wins.
 */
export function valuesOf(name: string, shape: ModelShape): readonly string[] | undefined {
  if (shape.enum === undefined) return undefined;
  const known = (sdk as unknown as Readonly<Record<string, Readonly<Record<string, string>> | undefined>>)[
    name
  ];
  return [...new Set([...shape.enum, ...Object.values(known ?? {})])].sort();
}
