import { insertedAlias, roomForAlias } from "../aliases.ts";
import { aliasArn } from "../arn.ts";
import { assertCustomerAlias, assertNoAlias } from "../customer-alias.ts";
import { KmsError } from "../errors.ts";
import { assertState, NOT_PENDING_DELETION } from "../key-state.ts";
import { together } from "../mutations.ts";
import { type Operation, operationOnKeys } from "../operation.ts";
import { aliasName, keyId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface CreateAliasRequest {
  AliasName: string | undefined;
  TargetKeyId: string | undefined;
}

/** Gives a key a name. */
export const createAlias: Operation<CreateAliasRequest, object> = operationOnKeys("CreateAlias", {
  input: { AliasName: required(aliasName), TargetKeyId: required(keyId) },
  run: async (call, { AliasName: name, TargetKeyId }) => {
    assertCustomerAlias(name);
    assertNoAlias(TargetKeyId);
    await call.authorize("CreateAlias", aliasArn(call.caller, name));
    const key = await call.resolveKey(TargetKeyId, { alias: false });
    assertState(key.value, NOT_PENDING_DELETION);
    if ((await call.alias(name)) !== undefined) {
      throw new KmsError(
        "AlreadyExistsException",
        `An alias with the name ${aliasArn(call.caller, name)} already exists`,
      );
    }
    const alias = { name, keyId: key.value.keyId, createdAt: call.now, updatedAt: call.now };
    await call.commit(together(await roomForAlias(call, key), insertedAlias(call.caller, alias)));
    return {};
  },
});
