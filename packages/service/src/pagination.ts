/** Pages of lists. */
import { type AuthenticatedStore, type AuthenticRecord, reaches } from "@kmslite/store/authenticated";
import { under } from "./database/keys.ts";
import { readMarker, writeMarker } from "./marker.ts";

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

/**
 * One page of the records under `prefix`, in key order: those whose keys go on with `beginning` if that is given, from the
 * first one behind `after` if that is.
 */
export async function pageOf(
  records: AuthenticatedStore,
  prefix: string,
  request: PageRequest,
  {
    after,
    beginning = "",
    defaultLimit = DEFAULT_LIMIT,
  }: { readonly after?: string; readonly beginning?: string; readonly defaultLimit?: number } = {},
): Promise<{ readonly records: readonly AuthenticRecord[]; readonly page: PageResponse }> {
  const { start, end } =
    beginning === "" ? under(prefix) : { start: prefix + beginning, end: `${prefix}${beginning}~` };
  const list = prefix + beginning;
  const behind = request.Marker === undefined ? after : readMarker(list, request.Marker);
  const from = behind === undefined ? start : `${prefix}${behind}!`;
  const listed = await records.list({ start: from, end, limit: request.Limit ?? defaultLimit });
  const last = listed.at(-1);
  if (last === undefined || reaches(last.next, end)) return { records: listed, page: { Truncated: false } };
  return {
    records: listed,
    page: { NextMarker: writeMarker(list, last.key.slice(prefix.length)), Truncated: true },
  };
}

/** One page of items that are all at hand, ordered by and keyed by text; `list` names the list they are of. */
export function pageOfItems<Item>(
  list: string,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  request: PageRequest,
  defaultLimit: number = DEFAULT_LIMIT,
): { readonly items: readonly Item[]; readonly page: PageResponse } {
  const limit = request.Limit ?? defaultLimit;
  const after = request.Marker === undefined ? undefined : readMarker(list, request.Marker);
  const begin = after === undefined ? 0 : items.findIndex((item) => keyOf(item) > after);
  const listed = begin < 0 ? [] : items.slice(begin, begin + limit);
  const last = listed.at(-1);
  if (last === undefined || begin + limit >= items.length)
    return { items: listed, page: { Truncated: false } };
  return { items: listed, page: { NextMarker: writeMarker(list, keyOf(last)), Truncated: true } };
}
