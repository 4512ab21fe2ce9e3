/** What requests to the directory may say (IAM API Reference, constraints of each parameter). */
import type { TagRecord } from "../database/records.ts";
import { IamError, invalid } from "./iam-error.ts";

/** A tag as the APIs of AWS write it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const NAME = /^[\w+=,.@-]+$/;
const PATH = /^\/(?:[\x21-\x7e]*\/)?$/;
const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const MAXIMUM_TAGS = 50;

/**
 * A name of a user, role or policy, which `member` of the request gives.
 *
 * @param maximum characters
 * @throws {IamError} ValidationError
 */
export function nameIn(value: unknown, member: string, maximum: number, minimum = 1): string {
  const valid =
    typeof value === "string" && value.length >= minimum && value.length <= maximum && NAME.test(value);
  if (valid) return value;
  throw invalid(`${member}: expected ${minimum} to ${maximum} letters, digits and _+=,.@-`);
}

/** @throws {IamError} ValidationError */
export function pathIn(value: unknown = "/"): string {
  if (typeof value === "string" && value.length <= 512 && PATH.test(value)) return value;
  throw invalid("Path: expected a text of at most 512 characters that begins and ends with a slash");
}

/** @throws {IamError} ValidationError */
export function textIn(value: unknown, member: string, maximum: number): string {
  if (typeof value === "string" && value !== "" && value.length <= maximum) return value;
  throw invalid(`${member}: expected a text of at most ${maximum} characters`);
}

/** @throws {IamError} ValidationError */
export function wholeNumberIn(value: unknown, member: string, minimum: number, maximum: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= minimum && value <= maximum)
    return value;
  throw invalid(`${member}: expected a whole number from ${minimum} to ${maximum}`);
}

/** @throws {IamError} ValidationError; LimitExceeded */
export function tagsIn(value: readonly Tag[] = []): TagRecord[] {
  if (!Array.isArray(value)) throw invalid("Tags: expected a list");
  const tags = value.map((tag: Partial<Tag> | null) => {
    const { Key: key, Value: text } = tag ?? {};
    if (typeof key !== "string" || key === "" || key.length > 128 || !TAG.test(key))
      throw invalid("Tags: expected keys of 1 to 128 letters, digits, spaces and _.:/=+-@");
    if (typeof text !== "string" || text.length > 256 || !TAG.test(text))
      throw invalid(`Tags: expected a value of at most 256 letters, digits, spaces and _.:/=+-@ for ${key}`);
    return { key, value: text };
  });
  const keys = new Set(tags.map(({ key }) => key.toLowerCase()));
  if (keys.size !== tags.length)
    throw invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  if (tags.length > MAXIMUM_TAGS)
    throw new IamError(
      "LimitExceeded",
      `The number of tags has reached the maximum limit of ${MAXIMUM_TAGS}.`,
    );
  return tags;
}

/** @throws {IamError} ValidationError */
export function accountIn(value: unknown): string {
  if (typeof value === "string" && /^[0-9]{12}$/.test(value)) return value;
  throw invalid("Account: expected 12 digits");
}
