/** A received request, taken apart for signing without changing a byte of it. */

import { groupHeaders } from "./canonical-headers.ts";
import { parseQuery } from "./canonical-query.ts";
import type { RequestParts } from "./signature-input.ts";
import type { SignedRequest } from "./types.ts";

/** @returns undefined if the URL is not an absolute path with a well-formed query */
export function takeApart({ method, url, headers, body }: SignedRequest): RequestParts | undefined {
  const question = url.indexOf("?");
  const path = question < 0 ? url : url.slice(0, question);
  const query = parseQuery(question < 0 ? "" : url.slice(question + 1));
  if (!path.startsWith("/") || query === undefined) return undefined;
  return { method, path, query, headers: groupHeaders(headers), body };
}
