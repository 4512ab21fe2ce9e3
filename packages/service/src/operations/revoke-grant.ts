import { assertNotDryRun } from "../dry-run.ts";
import { assertGrantId } from "../grants/grant-id.ts";
import { existingGrant, removedGrant } from "../grants/grants.ts";
import { ANY_STATE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { grantId, keyId } from "../shapes/common.ts";
import { boolean, optional, required } from "../shapes/shape.ts";

export interface RevokeGrantRequest {
  KeyId: string | undefined;
  GrantId: string | undefined;
  DryRun?: boolean | undefined;
}

/** Ends a grant: an administrator of the key takes the permission away. */
export const revokeGrant: Operation<RevokeGrantRequest, object> = keyOperation("RevokeGrant", {
  input: { KeyId: required(keyId), GrantId: required(grantId), DryRun: optional(boolean) },
  allowedIn: ANY_STATE,
  run: async (call, input, { value: key }) => {
    assertGrantId(input.GrantId);
    const grant = await existingGrant(call.runtime, key.region, key.keyId, input.GrantId);
    assertNotDryRun(input.DryRun);
    await call.commit(await removedGrant(call.runtime, grant));
    return {};
  },
});
