/**
 * Brings a store to what a seed says: everything that is missing is made, and nothing is changed. If the store has something
 * that the seed says otherwise, nothing is made at all.
 */

import { isAliasName } from "../alias-name.ts";
import { Call } from "../call.ts";
import type { Caller } from "../caller.ts";
import { ConflictError } from "../conflict.ts";
import { KmsError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Seed, Seeded } from "./seed.ts";
import { disagreement, makeKey, type PreparedKey, preparedKey, refuse } from "./seed-keys.ts";

/** Runs an operation, as any caller would. */
type Run = (operation: string, request: object) => Promise<unknown>;

/**
 * @param run for what the operations of the API do as well: aliases and grants
 * @throws {KmsError} ValidationException for a seed that can't be, AlreadyExistsException if the store disagrees
 */
export async function plant(runtime: Runtime, seed: Seed, caller: Caller, run: Run): Promise<Seeded> {
  const call = new Call(runtime, caller, "CreateKey");
  assertOnce(
    "key",
    seed.keys.map(({ keyId }) => keyId),
  );
  assertOnce(
    "alias",
    seed.aliases.map(({ aliasName }) => aliasName),
  );
  const keys = await Promise.all(seed.keys.map((key) => preparedKey(call, key)));
  const missing: PreparedKey[] = [];
  const disagreements: string[] = [];
  for (const key of keys) {
    const found = await runtime.key(caller.region, key.record.keyId, false);
    if (found === undefined) missing.push(key);
    else disagreements.push(...wrapped(await disagreement(runtime, key, found.value)));
  }
  const aliases: Seed["aliases"][number][] = [];
  for (const alias of seed.aliases) {
    if (!isAliasName(alias.aliasName)) refuse(`'${alias.aliasName}' is no alias name`);
    const found = await call.alias(alias.aliasName);
    if (found === undefined) aliases.push(alias);
    else if (found.value.keyId !== alias.targetKeyId)
      disagreements.push(`${alias.aliasName} names another key`);
  }
  if (disagreements.length > 0) {
    throw new KmsError(
      "AlreadyExistsException",
      `The store disagrees with the seed: ${disagreements.join("; ")}`,
    );
  }
  for (const key of missing) if (!(await makeKey(call, key))) throw new ConflictError();
  for (const { aliasName, targetKeyId } of aliases) {
    await run("CreateAlias", { AliasName: aliasName, TargetKeyId: targetKeyId });
  }
  for (const { keyId, grants = [] } of seed.keys) {
    for (const [index, grant] of grants.entries()) {
      await run("CreateGrant", { Name: `seed-${index}`, ...grant, KeyId: keyId });
    }
  }
  return { keys: missing.length, aliases: aliases.length };
}

function assertOnce(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(`the ${what} ${twice} stands in it twice`);
}

function wrapped(found: string | undefined): readonly string[] {
  return found === undefined ? [] : [found];
}
