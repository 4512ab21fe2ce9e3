import { aliasArn } from "../arn.ts";
import type { Call } from "../call.ts";
import { aliasKey, keyAliasKey } from "../database/keys.ts";
import { type AliasRecord, decode } from "../database/records.ts";
import { type Operation, operation } from "../operation.ts";
import { type PageResponse, pageOf } from "../pagination.ts";
import { keyId, limit, marker } from "../shapes/common.ts";
import { optional } from "../shapes/shape.ts";

export interface ListAliasesRequest {
  KeyId?: string | undefined;
  Limit?: number | undefined;
  Marker?: string | undefined;
}

export interface AliasListEntry {
  AliasName?: string | undefined;
  AliasArn?: string | undefined;
  TargetKeyId?: string | undefined;
  CreationDate?: Date | undefined;
  LastUpdatedDate?: Date | undefined;
}

export interface ListAliasesResponse extends PageResponse {
  Aliases?: AliasListEntry[] | undefined;
}

/** Aliases per page when the caller names no Limit. */
const DEFAULT_LIMIT = 50;

/** Lists the aliases of the caller's account and Region, or of one key. */
export const listAliases: Operation<ListAliasesRequest, ListAliasesResponse> = operation("ListAliases", {
  input: { KeyId: optional(keyId), Limit: optional(limit), Marker: optional(marker) },
  run: async (call, input) => {
    const prefix =
      input.KeyId === undefined ? aliasKey(call.caller, "alias/") : await ofKey(call, input.KeyId);
    const { records, page } = await pageOf(call.runtime.database.records, prefix, input, {
      defaultLimit: DEFAULT_LIMIT,
    });
    const aliases = records.map((record) => decode<AliasRecord>(record).value);
    return { Aliases: aliases.map((alias) => entry(call, alias)), ...page };
  },
});

async function ofKey(call: Call, id: string): Promise<string> {
  const key = await call.locateKey(id, { alias: false });
  return keyAliasKey(call.caller.region, key.value.keyId, "alias/");
}

function entry(call: Call, alias: AliasRecord): AliasListEntry {
  return {
    AliasName: alias.name,
    AliasArn: aliasArn(call.caller, alias.name),
    TargetKeyId: alias.keyId,
    CreationDate: new Date(alias.createdAt),
    LastUpdatedDate: new Date(alias.updatedAt),
  };
}
