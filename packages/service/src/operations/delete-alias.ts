import { removedAlias } from "../aliases.ts";
import { aliasArn } from "../arn.ts";
import { assertCustomerAlias } from "../customer-alias.ts";
import { type Operation, operationOnKeys } from "../operation.ts";
import { aliasName } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface DeleteAliasRequest {
  AliasName: string | undefined;
}

/** Takes an alias away. Its key stays as it is. */
export const deleteAlias: Operation<DeleteAliasRequest, object> = operationOnKeys("DeleteAlias", {
  input: { AliasName: required(aliasName) },
  run: async (call, { AliasName: name }) => {
    assertCustomerAlias(name);
    const alias = await call.alias(name);
    if (alias === undefined) throw call.aliasNotFound(name);
    await call.authorize("DeleteAlias", aliasArn(call.caller, name));
    await call.resolveKey(alias.value.keyId, { alias: false });
    await call.commit(await removedAlias(call.runtime, call.caller.region, alias));
    return {};
  },
});
