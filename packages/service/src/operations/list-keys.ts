import { keyArn } from "../arn.ts";
import { accountKeyKey } from "../database/keys.ts";
import { type Operation, operation } from "../operation.ts";
import { type PageResponse, pageOf } from "../pagination.ts";
import { limit, marker } from "../shapes/common.ts";
import { optional } from "../shapes/shape.ts";

export interface ListKeysRequest {
  Limit?: number | undefined;
  Marker?: string | undefined;
}

export interface KeyListEntry {
  KeyId?: string | undefined;
  KeyArn?: string | undefined;
}

export interface ListKeysResponse extends PageResponse {
  Keys?: KeyListEntry[] | undefined;
}

/** Lists the keys of the caller's account and Region. */
export const listKeys: Operation<ListKeysRequest, ListKeysResponse> = operation("ListKeys", {
  input: { Limit: optional(limit), Marker: optional(marker) },
  run: async (call, input) => {
    const prefix = accountKeyKey(call.caller, "");
    const { records, page } = await pageOf(call.runtime.database.records, prefix, input);
    const ids = records.map((record) => record.key.slice(prefix.length));
    return { Keys: ids.map((id) => ({ KeyId: id, KeyArn: keyArn(call.caller, id) })), ...page };
  },
});
