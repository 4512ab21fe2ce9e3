import { retirablePrefix } from "../database/keys.ts";
import { decode, type GrantRecord } from "../database/records.ts";
import { principalDigest } from "../grants/grant-id.ts";
import { assertOwnAccount, assertServiceCaller, GRANT_LIMIT, grantPage } from "../grants/grant-pages.ts";
import { assertOneOf, assertPrincipal, principalId, servicePrincipal } from "../grants/grant-principals.ts";
import { type GrantListEntry, grantEntry } from "../grants/grants.ts";
import { type Operation, operation } from "../operation.ts";
import { type PageResponse, pageOf } from "../pagination.ts";
import { limit, marker } from "../shapes/common.ts";
import { optional } from "../shapes/shape.ts";

export interface ListRetirableGrantsRequest {
  Limit?: number | undefined;
  Marker?: string | undefined;
  RetiringPrincipal?: string | undefined;
  RetiringServicePrincipal?: string | undefined;
}

export interface ListRetirableGrantsResponse extends PageResponse {
  Grants?: GrantListEntry[] | undefined;
}

/** Lists the grants in the Region that a principal of the caller's account is named to retire, whoever owns the keys. */
export const listRetirableGrants: Operation<ListRetirableGrantsRequest, ListRetirableGrantsResponse> =
  operation("ListRetirableGrants", {
    input: {
      Limit: optional(limit),
      Marker: optional(marker),
      RetiringPrincipal: optional(principalId),
      RetiringServicePrincipal: optional(servicePrincipal),
    },
    run: async (call, input) => {
      assertOneOf(["RetiringPrincipal", "RetiringServicePrincipal"], input);
      if (input.RetiringServicePrincipal !== undefined) assertServiceCaller(call, "RetiringServicePrincipal");
      if (input.RetiringPrincipal !== undefined) {
        assertPrincipal(input.RetiringPrincipal, call.caller.service !== undefined);
        assertOwnAccount(call, input.RetiringPrincipal);
      }
      const principal = input.RetiringPrincipal ?? input.RetiringServicePrincipal ?? "";
      const prefix = retirablePrefix(call.caller.region, principalDigest(principal));
      const { records, page } = await pageOf(call.runtime.database.records, prefix, grantPage(input), {
        defaultLimit: GRANT_LIMIT,
      });
      return { Grants: records.map((record) => grantEntry(decode<GrantRecord>(record).value)), ...page };
    },
  });
