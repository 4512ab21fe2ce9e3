/**
 * Shapes: what a member of a request may be, as data.
 *
 * The same description validates in-process calls and tells the wire protocol how to read JSON.
 */

/** One AWS shape with its constraints. `T` is its TypeScript form. */
export type Shape<T = unknown> = (
  | StringShape
  | BlobShape
  | IntegerShape
  | BooleanShape
  | TimestampShape
  | ListShape
  | MapShape
  | StructureShape
) & { readonly type?: T };

/** Lengths in characters; `pattern` is printed in messages as AWS writes it. */
export interface StringShape {
  readonly kind: "string";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly values?: readonly string[];
  readonly sensitive?: boolean;
}

/** Lengths in bytes. */
export interface BlobShape {
  readonly kind: "blob";
  readonly minimum: number;
  readonly maximum: number;
  readonly sensitive?: boolean;
}

/** A 32-bit integer. */
export interface IntegerShape {
  readonly kind: "integer";
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface BooleanShape {
  readonly kind: "boolean";
}

export interface TimestampShape {
  readonly kind: "timestamp";
}

export interface ListShape {
  readonly kind: "list";
  readonly member: Shape;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** From string to string. */
export interface MapShape {
  readonly kind: "map";
  readonly value: Shape;
}

export interface StructureShape {
  readonly kind: "structure";
  readonly members: Readonly<Record<string, Member>>;
}

/** A member of a structure. */
export interface Member<T = unknown, Required extends boolean = boolean> {
  readonly shape: Shape<T>;
  readonly required: Required;
}

/** The members of a request type: each described, and required exactly where the type says so. */
export type MembersOf<Request> = {
  readonly [Name in keyof Request]-?: Partial<Pick<Request, Name>> extends Pick<Request, Name>
    ? Member<NonNullable<Request[Name]>, false>
    : Member<NonNullable<Request[Name]>, true>;
};

/** A request after validation: what is required is there. */
export type Validated<Request> = {
  readonly [Name in keyof Request]: Partial<Pick<Request, Name>> extends Pick<Request, Name>
    ? Request[Name]
    : NonNullable<Request[Name]>;
};

/** A member that must be given. */
export function required<T>(shape: Shape<T>): Member<T, true> {
  return { shape, required: true };
}

/** A member that may be left out. */
export function optional<T>(shape: Shape<T>): Member<T, false> {
  return { shape, required: false };
}

export function text(constraints: Omit<StringShape, "kind"> = {}): Shape<string> {
  return { kind: "string", ...constraints };
}

/** One of a closed set of texts. */
export function oneOf<const Value extends string>(values: readonly Value[]): Shape<Value> {
  return { kind: "string", values };
}

export function blob(minimum: number, maximum: number, sensitive = false): Shape<Uint8Array> {
  return { kind: "blob", minimum, maximum, sensitive };
}

export function integer(minimum: number, maximum: number): Shape<number> {
  return { kind: "integer", minimum, maximum };
}

export const timestamp: Shape<Date> = { kind: "timestamp" };
export const boolean: Shape<boolean> = { kind: "boolean" };

export function listOf<T>(
  member: Shape<T>,
  lengths: { minimum?: number; maximum?: number } = {},
): Shape<T[]> {
  return { kind: "list", member, ...lengths };
}

export function mapOf<T>(value: Shape<T>): Shape<Record<string, T>> {
  return { kind: "map", value };
}

export function structure<T>(members: MembersOf<T>): Shape<T> {
  return { kind: "structure", members: members as Readonly<Record<string, Member>> };
}
