/**
 * Pages of lists. A marker holds the last item of the page before, opaque to the caller.
 */
import { type AuthenticatedStore, type AuthenticRecord, reaches } from "@kmslite/store/authenticated";
import { under } from "./database/keys.ts";
import { KmsError } from "./errors.ts";

/** Items per page when the caller names no Limit. */
const DEFAULT_LIMIT = 100;

/** Tags default to fewer, as at AWS. */
export const DEFAULT_TAG_LIMIT = 50;

/** What every list takes. */
export interface PageRequest {
  readonly Limit?: number | undefined;
  readonly Marker?: string | undefined;
}

/** What every list gives besides its items. */
export interface PageResponse {
  NextMarker?: string | undefined;
  Truncated?: boolean | undefined;
}

/** One page of the records under `prefix`, in key order; from the first one behind `after` if that is given. */
export async function pageOf(
  records: AuthenticatedStore,
  prefix: string,
  request: PageRequest,
  after?: string,
): Promise<{ readonly records: readonly AuthenticRecord[]; readonly page: PageResponse }> {
  const { start, end } = under(prefix);
  const behind = request.Marker === undefined ? after : readKeyMarker(request.Marker);
  const from = behind === undefined ? start : `${prefix}${behind}!`;
  const listed = await records.list({ start: from, end, limit: request.Limit ?? DEFAULT_LIMIT });
  const last = listed.at(-1);
  if (last === undefined || reaches(last.next, end)) return { records: listed, page: { Truncated: false } };
  return {
    records: listed,
    page: { NextMarker: writeMarker(last.key.slice(prefix.length)), Truncated: true },
  };
}

/** One page of items that are all at hand, keyed by text. */
export function pageOfItems<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  request: PageRequest,
  defaultLimit: number = DEFAULT_LIMIT,
): { readonly items: readonly Item[]; readonly page: PageResponse } {
  const limit = request.Limit ?? defaultLimit;
  const after = request.Marker === undefined ? undefined : readMarker(request.Marker);
  const begin = after === undefined ? 0 : items.findIndex((item) => keyOf(item) > after);
  const listed = begin < 0 ? [] : items.slice(begin, begin + limit);
  const last = listed.at(-1);
  if (last === undefined || begin + limit >= items.length)
    return { items: listed, page: { Truncated: false } };
  return { items: listed, page: { NextMarker: writeMarker(keyOf(last)), Truncated: true } };
}

const MARKER_VERSION = "1";

/** What an item may be named: no longer than a tag key or an alias, and no control character. */
const ITEM = /^[^\p{Cc}]{1,256}$/u;

function writeMarker(last: string): string {
  const bytes = new TextEncoder().encode(last);
  return MARKER_VERSION + btoa(String.fromCharCode(...bytes));
}

/** @throws {KmsError} InvalidMarkerException if this is no marker of ours */
function readMarker(marker: string): string {
  try {
    if (!marker.startsWith(MARKER_VERSION)) throw new RangeError("unknown version");
    const bytes = Uint8Array.from(atob(marker.slice(1)), (character) => character.charCodeAt(0));
    const last = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (writeMarker(last) !== marker || !ITEM.test(last)) throw new RangeError("not canonical");
    return last;
  } catch {
    throw new KmsError("InvalidMarkerException", "Could not deserialize marker");
  }
}

/** A marker that continues inside the store's keys, which are printable ASCII. */
function readKeyMarker(marker: string): string {
  const last = readMarker(marker);
  if (!/^[\x21-\x7e]+$/.test(last))
    throw new KmsError("InvalidMarkerException", "Could not deserialize marker");
  return last;
}
