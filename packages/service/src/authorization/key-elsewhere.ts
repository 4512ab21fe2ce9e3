/**
 * What names no key of the caller's account and Region: keys of other accounts, by their ARNs, and what names no key at all. Whether
 * another account has a key is told to nobody who may not use it.
 */
import { isKeyId } from "@kmslite/hierarchy";
import { type KmsArn, parseArn, partitionOf } from "../arn.ts";
import type { Call, Resolution } from "../call.ts";
import type { KeyRecord, Row } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { CROSS_ACCOUNT_ACTIONS } from "./actions.ts";
import { refusalByOthers } from "./refusal.ts";

/**
 * The key of another account.
 *
 * @throws {KmsError} InvalidArnException, also for an alias where none may stand for a key; NotFoundException for another Region's
 *   and for what is no key id; AccessDeniedException if there is no such key, the same as for one that the caller may not use
 */
export async function keyElsewhere(
  call: Call,
  text: string,
  resolution: Resolution,
): Promise<Row<KeyRecord>> {
  const arn = text.startsWith("arn:") ? arnOfRegion(call, text) : undefined;
  const isAlias = (arn?.resource ?? text).startsWith("alias/");
  if (isAlias && !resolution.alias) {
    throw new KmsError("InvalidArnException", "Key Aliases are not supported for this operation.");
  }
  if (arn === undefined || arn.accountId === call.caller.accountId) {
    const id = arn === undefined ? text : arn.resource.slice("key/".length);
    throw new KmsError("NotFoundException", `Invalid keyId '${id}'`);
  }
  const action = resolution.action ?? call.operation;
  if (!CROSS_ACCOUNT_ACTIONS.has(action)) throw refusalByOthers(call.caller, action);
  const id = isAlias
    ? (await call.alias(arn.resource, arn.accountId))?.value.keyId
    : arn.resource.slice("key/".length);
  const key =
    id !== undefined && isKeyId(id) ? await call.findKey(id, resolution.lately === true) : undefined;
  if (key !== undefined && key.value.accountId === arn.accountId) return key;
  throw resolution.refusal?.() ?? refusalByOthers(call.caller, action);
}

function arnOfRegion({ caller }: Call, text: string): KmsArn {
  const arn = parseArn(text);
  if (arn === undefined || arn.partition !== partitionOf(arn.region)) {
    throw new KmsError("InvalidArnException", `${text} is not a valid ARN`);
  }
  if (arn.region === caller.region) return arn;
  throw new KmsError(
    "NotFoundException",
    `Invalid arn ${arn.region}: the request was sent to ${caller.region}, where that key is not.`,
  );
}
