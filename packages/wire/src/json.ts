/**
 * AWS JSON 1.1: blobs are base64, timestamps are seconds since 1970, everything else is JSON.
 */
import { KmsError, type Shape } from "@kmslite/service";
import { decodeBase64, encodeBase64 } from "./base64.ts";

/** No request of the API nests deeper than this; what does is refused before it is parsed. */
const MAXIMUM_DEPTH = 16;

/**
 * Reads a request body by the shape of its operation's input. Members that the shape does not know are left as they
 * are; types other than blobs and timestamps are the service's to check.
 *
 * @throws {KmsError} SerializationException
 */
export function readJson(shape: Shape, body: Uint8Array): unknown {
  if (body.length === 0) return {};
  if (nestsTooDeep(body)) throw serializationError("The request nests too deep");
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    throw serializationError("The request is not valid JSON");
  }
  return revive(shape, value);
}

/** The body of an answer; empty for an operation that answers nothing. */
export function writeJson(value: object): string {
  return Object.keys(value).length === 0 ? "" : JSON.stringify(replace(value));
}

function revive(shape: Shape, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  switch (shape.kind) {
    case "blob":
      return (typeof value === "string" ? decodeBase64(value) : undefined) ?? refuse("a blob in base64");
    case "timestamp":
      return typeof value === "number" ? new Date(value * 1000) : refuse("a timestamp in seconds");
    case "list":
      return Array.isArray(value) ? value.map((item) => revive(shape.member, item)) : value;
    case "structure":
      return isObject(value) ? reviveMembers(shape.members, value) : value;
    default:
      return value;
  }
}

function reviveMembers(
  members: Readonly<Record<string, { readonly shape: Shape }>>,
  value: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const revived: Record<string, unknown> = Object.create(null);
  for (const [name, { shape }] of Object.entries(members)) {
    if (Object.hasOwn(value, name)) revived[name] = revive(shape, value[name]);
  }
  return revived;
}

function replace(value: unknown): unknown {
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(replace);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replace(member)]));
}

/** Counts brackets outside of strings, so that a hostile body costs one pass and no stack. */
function nestsTooDeep(body: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < body.length; index++) {
    const byte = body[index];
    if (inString) {
      if (byte === BACKSLASH) index++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > MAXIMUM_DEPTH) return true;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(expected: string): never {
  throw serializationError(`Expected ${expected}`);
}

function serializationError(message: string): KmsError {
  return new KmsError("SerializationException", message);
}
