import { partitionOf } from "../arn.ts";
import type { Call } from "../call.ts";
import type { GrantRecord, KeyRecord } from "../database/records.ts";
import { assertNotDryRun } from "../dry-run.ts";
import { KmsError } from "../errors.ts";
import { constraintsOf, type GrantConstraints, grantConstraints } from "../grants/grant-constraints.ts";
import { newGrantId } from "../grants/grant-id.ts";
import { GRANT_OPERATIONS, type GrantOperation, grantedOperations } from "../grants/grant-operations.ts";
import {
  assertNotBoth,
  assertOneOf,
  assertPrincipal,
  principalId,
  servicePrincipal,
} from "../grants/grant-principals.ts";
import { writeGrantToken } from "../grants/grant-tokens.ts";
import { digestOfRequest, grantOfRequest, insertedGrant } from "../grants/grants.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { grantTokens, keyId } from "../shapes/common.ts";
import { boolean, listOf, oneOf, optional, required, text, type Validated } from "../shapes/shape.ts";

export interface CreateGrantRequest {
  KeyId: string | undefined;
  GranteePrincipal?: string | undefined;
  RetiringPrincipal?: string | undefined;
  Operations: GrantOperation[] | undefined;
  Constraints?: GrantConstraints | undefined;
  GrantTokens?: string[] | undefined;
  Name?: string | undefined;
  DryRun?: boolean | undefined;
  GranteeServicePrincipal?: string | undefined;
  RetiringServicePrincipal?: string | undefined;
}

export interface CreateGrantResponse {
  GrantToken?: string | undefined;
  GrantId?: string | undefined;
}

/** Permits a principal to use a key. A named request that was made before answers with the same grant again. */
export const createGrant: Operation<CreateGrantRequest, CreateGrantResponse> = keyOperation("CreateGrant", {
  input: {
    KeyId: required(keyId),
    GranteePrincipal: optional(principalId),
    RetiringPrincipal: optional(principalId),
    Operations: required(listOf(oneOf(GRANT_OPERATIONS))),
    Constraints: optional(grantConstraints),
    GrantTokens: optional(grantTokens),
    Name: optional(text({ minimum: 1, maximum: 256, pattern: "^[a-zA-Z0-9:/_-]+$" })),
    DryRun: optional(boolean),
    GranteeServicePrincipal: optional(servicePrincipal),
    RetiringServicePrincipal: optional(servicePrincipal),
  },
  allowedIn: ["Enabled", "Unavailable", "Updating"],
  run: async (call, input, key) => {
    const asked = grantOf(call, key.value, input);
    const nameDigest = asked.name === undefined ? undefined : digestOfRequest(asked);
    assertNotDryRun(input.DryRun);
    const { database } = call.runtime;
    const made =
      nameDigest === undefined ? undefined : await grantOfRequest(call.runtime, key.value, nameDigest);
    const grantee = asked.granteePrincipal ?? asked.granteeServicePrincipal ?? "";
    const grant: GrantRecord = {
      ...asked,
      grantId: made ?? newGrantId(database.cryptography.random, asked.keyId, grantee),
      createdAt: call.now,
      ...(nameDigest === undefined ? {} : { nameDigest }),
    };
    if (made === undefined) await call.commit(await insertedGrant(call, key, grant));
    return { GrantToken: writeGrantToken(database, grant), GrantId: grant.grantId };
  },
});

/** What the request asks for, checked. */
function grantOf(
  call: Call,
  key: KeyRecord,
  input: Validated<CreateGrantRequest>,
): Omit<GrantRecord, "grantId" | "createdAt"> {
  assertOneOf(["GranteePrincipal", "GranteeServicePrincipal"], input);
  assertNotBoth(["RetiringPrincipal", "RetiringServicePrincipal"], input);
  const { accountId, region, service } = call.caller;
  for (const principal of [input.GranteePrincipal, input.RetiringPrincipal]) {
    if (principal !== undefined) assertPrincipal(principal, service !== undefined);
  }
  const operations = grantedOperations(key, input.Operations);
  const constraints = constraintsOf(key, operations, input.Constraints);
  if (input.GranteeServicePrincipal !== undefined) assertConfined(input);
  return {
    accountId: key.accountId,
    region: key.region,
    keyId: key.keyId,
    issuingAccount: `arn:${partitionOf(region)}:iam::${accountId}:root`,
    operations,
    ...(input.Name === undefined ? {} : { name: input.Name }),
    ...(input.GranteePrincipal === undefined ? {} : { granteePrincipal: input.GranteePrincipal }),
    ...(input.GranteeServicePrincipal === undefined
      ? {}
      : { granteeServicePrincipal: input.GranteeServicePrincipal }),
    ...(input.RetiringPrincipal === undefined ? {} : { retiringPrincipal: input.RetiringPrincipal }),
    ...(input.RetiringServicePrincipal === undefined
      ? {}
      : { retiringServicePrincipal: input.RetiringServicePrincipal }),
    ...(constraints === undefined ? {} : { constraints }),
  };
}

/** A service acts for many: it is held to one resource, and somebody must be there to retire the grant. */
function assertConfined(input: Validated<CreateGrantRequest>): void {
  if (input.Constraints?.SourceArn === undefined) {
    throw new KmsError(
      "ValidationException",
      "You must specify a SourceArn grant constraint when you specify GranteeServicePrincipal.",
    );
  }
  if (input.RetiringPrincipal === undefined && input.RetiringServicePrincipal === undefined) {
    throw new KmsError(
      "ValidationException",
      "You must specify either RetiringPrincipal or RetiringServicePrincipal when you specify GranteeServicePrincipal.",
    );
  }
}
