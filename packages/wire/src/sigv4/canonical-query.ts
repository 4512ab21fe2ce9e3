/**
 * CanonicalQueryString: the query line of the canonical request.
 *
 * AWS IAM User Guide, "Create a signed AWS API request", step 1: names and values are URI-encoded
 * one by one, then sorted by encoded name and, for equal names, by encoded value. A name without a value
 * gets an empty one. A presigned request's own `X-Amz-Signature` is left out.
 */
import { decodePercent, encodeBytes } from "./uri-encoding.ts";

/** One query parameter: as decoded, for reading, and as encoded, for signing. */
export interface QueryParameter {
  readonly name: string;
  readonly value: string;
  readonly encodedName: string;
  readonly encodedValue: string;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a query string strictly: no empty parameter between two `&`, no malformed escape, valid UTF-8.
 *
 * @param rawQuery  what follows the `?`, as received; empty if there is none
 * @returns         the parameters in order of appearance, or undefined if the query is malformed
 */
export function parseQuery(rawQuery: string): readonly QueryParameter[] | undefined {
  if (rawQuery === "") return [];
  const parameters: QueryParameter[] = [];
  for (const part of rawQuery.split("&")) {
    if (part === "") return undefined;
    const equals = part.indexOf("=");
    const name = component(equals < 0 ? part : part.slice(0, equals));
    const value = component(equals < 0 ? "" : part.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    parameters.push({
      name: name.decoded,
      value: value.decoded,
      encodedName: name.encoded,
      encodedValue: value.encoded,
    });
  }
  return parameters;
}

/** The canonical query string of these parameters, without the named one. */
export function canonicalQuery(parameters: readonly QueryParameter[], omitted?: string): string {
  return parameters
    .filter(({ name }) => name !== omitted)
    .sort(
      (left, right) =>
        compare(left.encodedName, right.encodedName) || compare(left.encodedValue, right.encodedValue),
    )
    .map(({ encodedName, encodedValue }) => `${encodedName}=${encodedValue}`)
    .join("&");
}

function component(raw: string): { decoded: string; encoded: string } | undefined {
  const bytes = decodePercent(raw);
  if (bytes === undefined) return undefined;
  try {
    return { decoded: decoder.decode(bytes), encoded: encodeBytes(bytes) };
  } catch {
    return undefined; // Not UTF-8: no AWS parameter is anything else.
  }
}

/** Encoded names are ASCII, so that code-unit order is the byte order which AWS asks for. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
