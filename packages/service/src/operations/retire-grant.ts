import { authorizeRetirement } from "../authorization/retire-grant.ts";
import type { Call } from "../call.ts";
import { grantKey } from "../database/keys.ts";
import { decode, type GrantRecord, type KeyRecord, type Row } from "../database/records.ts";
import { assertNotDryRun } from "../dry-run.ts";
import { KmsError } from "../errors.ts";
import { assertGrantId } from "../grants/grant-id.ts";
import { invalidGrantToken, readGrantToken } from "../grants/grant-tokens.ts";
import { existingGrant, removedGrant } from "../grants/grants.ts";
import { type Operation, operationOnKeys } from "../operation.ts";
import { grantId, grantToken, keyId } from "../shapes/common.ts";
import { boolean, optional, type Validated } from "../shapes/shape.ts";

export interface RetireGrantRequest {
  GrantToken?: string | undefined;
  KeyId?: string | undefined;
  GrantId?: string | undefined;
  DryRun?: boolean | undefined;
}

/** Ends a grant: who was given it, or is named to retire it, is done with the permission. */
export const retireGrant: Operation<RetireGrantRequest, object> = operationOnKeys("RetireGrant", {
  input: {
    GrantToken: optional(grantToken),
    KeyId: optional(keyId),
    GrantId: optional(grantId),
    DryRun: optional(boolean),
  },
  run: async (call, input) => {
    const grant = await grantOf(call, input);
    assertNotDryRun(input.DryRun);
    await call.commit(await removedGrant(call.runtime, grant));
    return {};
  },
});

/** The grant that a token names, or a key and an id. */
async function grantOf(call: Call, input: Validated<RetireGrantRequest>): Promise<Row<GrantRecord>> {
  if (input.GrantToken !== undefined && input.KeyId === undefined && input.GrantId === undefined) {
    const { region, keyId: id, grantId: named } = readGrantToken(call.runtime.database, input.GrantToken);
    if (region !== call.caller.region) throw invalidGrantToken();
    const key = await call.findKey(id, false);
    if (key === undefined) throw new KmsError("NotFoundException", `Grant ID ${named} not found`);
    return retirable(call, key.value, named);
  }
  if (input.GrantToken !== undefined || input.KeyId === undefined || input.GrantId === undefined) {
    throw new KmsError(
      "ValidationException",
      "You must specify either GrantToken, or both KeyId and GrantId.",
    );
  }
  const key = await call.locateKey(input.KeyId, { alias: false });
  assertGrantId(input.GrantId);
  return retirable(call, key.value, input.GrantId);
}

/** The grant, if the caller may retire it. */
async function retirable(call: Call, key: KeyRecord, id: string): Promise<Row<GrantRecord>> {
  const record = await call.runtime.database.records.get(grantKey(key.region, key.keyId, id));
  const grant = record === undefined ? undefined : decode<GrantRecord>(record);
  await authorizeRetirement(call, key, grant?.value);
  return grant ?? existingGrant(call.runtime, key.region, key.keyId, id);
}
