import { movedAlias, roomForAlias } from "../aliases.ts";
import { aliasArn } from "../arn.ts";
import { assertCustomerAlias, assertNoAlias } from "../customer-alias.ts";
import { assertState, NOT_PENDING_DELETION } from "../key-state.ts";
import { together } from "../mutations.ts";
import { type Operation, operationOnKeys } from "../operation.ts";
import { aliasName, keyId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface UpdateAliasRequest {
  AliasName: string | undefined;
  TargetKeyId: string | undefined;
}

/** Points an alias at another key. */
export const updateAlias: Operation<UpdateAliasRequest, object> = operationOnKeys("UpdateAlias", {
  input: { AliasName: required(aliasName), TargetKeyId: required(keyId) },
  run: async (call, { AliasName: name, TargetKeyId }) => {
    assertCustomerAlias(name);
    assertNoAlias(TargetKeyId);
    const alias = await call.alias(name);
    if (alias === undefined) throw call.aliasNotFound(name);
    await call.authorize("UpdateAlias", aliasArn(call.caller, name));
    await call.resolveKey(alias.value.keyId, { alias: false });
    const key = await call.resolveKey(TargetKeyId, { alias: false });
    assertState(key.value, NOT_PENDING_DELETION);
    const stays = alias.value.keyId === key.value.keyId;
    const target = stays ? { unchanged: [key.record] } : await roomForAlias(call, key);
    const moved = await movedAlias(call, alias, {
      ...alias.value,
      keyId: key.value.keyId,
      updatedAt: call.now,
    });
    await call.commit(together(target, moved));
    return {};
  },
});
