import { assertCustomerAlias } from "../alias-name.ts";
import { removedAlias } from "../aliases.ts";
import { type Operation, operation } from "../operation.ts";
import { aliasName } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface DeleteAliasRequest {
  AliasName: string | undefined;
}

/** Takes an alias away. Its key stays as it is. */
export const deleteAlias: Operation<DeleteAliasRequest, object> = operation("DeleteAlias", {
  input: { AliasName: required(aliasName) },
  run: async (call, { AliasName: name }) => {
    assertCustomerAlias(name);
    const alias = await call.alias(name);
    if (alias === undefined) throw call.aliasNotFound(name);
    await call.commit(await removedAlias(call.runtime, call.caller.region, alias));
    return {};
  },
});
