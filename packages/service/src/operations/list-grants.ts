import { grantKey } from "../database/keys.ts";
import { decode, type GrantRecord } from "../database/records.ts";
import { assertGrantId, granteePrefix } from "../grants/grant-id.ts";
import { assertServiceCaller, GRANT_LIMIT, grantPage } from "../grants/grant-pages.ts";
import { assertNotBoth, principalId, servicePrincipal } from "../grants/grant-principals.ts";
import { type GrantListEntry, grantEntry } from "../grants/grants.ts";
import { ANY_STATE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { type PageResponse, pageOf } from "../pagination.ts";
import { grantId, keyId, limit, marker } from "../shapes/common.ts";
import { optional, required } from "../shapes/shape.ts";

export interface ListGrantsRequest {
  KeyId: string | undefined;
  Limit?: number | undefined;
  Marker?: string | undefined;
  GrantId?: string | undefined;
  GranteePrincipal?: string | undefined;
  GranteeServicePrincipal?: string | undefined;
}

export interface ListGrantsResponse extends PageResponse {
  Grants?: GrantListEntry[] | undefined;
}

/** Lists the grants of a key: all of them, those of one grantee, or one. */
export const listGrants: Operation<ListGrantsRequest, ListGrantsResponse> = keyOperation("ListGrants", {
  input: {
    KeyId: required(keyId),
    Limit: optional(limit),
    Marker: optional(marker),
    GrantId: optional(grantId),
    GranteePrincipal: optional(principalId),
    GranteeServicePrincipal: optional(servicePrincipal),
  },
  allowedIn: ANY_STATE,
  run: async (call, input, { value: key }) => {
    assertNotBoth(["GranteePrincipal", "GranteeServicePrincipal"], input);
    if (input.GranteeServicePrincipal !== undefined) assertServiceCaller(call, "GranteeServicePrincipal");
    const request = grantPage(input);
    const { records } = call.runtime.database;
    const grantee = input.GranteePrincipal ?? input.GranteeServicePrincipal;
    const isOf = (grant: GrantRecord): boolean =>
      grantee === undefined || (grant.granteePrincipal ?? grant.granteeServicePrincipal) === grantee;
    if (input.GrantId !== undefined) {
      assertGrantId(input.GrantId);
      const record = await records.get(grantKey(key.region, key.keyId, input.GrantId));
      const found = record === undefined ? [] : [decode<GrantRecord>(record).value];
      return { Grants: found.filter(isOf).map(grantEntry), Truncated: false };
    }
    const beginning = grantee === undefined ? "" : granteePrefix(key.keyId, grantee);
    const listed = await pageOf(records, grantKey(key.region, key.keyId, ""), request, {
      beginning,
      defaultLimit: GRANT_LIMIT,
    });
    const grants = listed.records.map((record) => decode<GrantRecord>(record).value);
    return { Grants: grants.filter(isOf).map(grantEntry), ...listed.page };
  },
});
