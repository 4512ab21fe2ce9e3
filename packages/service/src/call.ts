/**
 * One call of an operation: who calls, and what the operation may use.
 */
import { isKeyId } from "@kmslite/hierarchy";
import type { Mutation } from "@kmslite/store/authenticated";
import { aliasArn, keyArn, parseArn } from "./arn.ts";
import { aliasKey } from "./database/keys.ts";
import { type AliasRecord, decode, encode, type KeyRecord, type Row } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import type { Runtime } from "./runtime.ts";

/** Who calls, and where. */
export interface Caller {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** ARN of the principal. */
  readonly principal: string;
}

/** Somebody else changed a record that this call had read. The pipeline runs the operation again. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}

export class Call {
  readonly caller: Caller;
  readonly runtime: Runtime;
  /** The time of the call: milliseconds since 1970. */
  readonly now: number;

  constructor(runtime: Runtime, caller: Caller) {
    this.runtime = runtime;
    this.caller = caller;
    this.now = runtime.clock();
  }

  /**
   * The KMS key that a KeyId names: a key id, a key ARN or, where `alias` allows it, an alias name or alias ARN.
   *
   * @throws {KmsError} NotFoundException, InvalidArnException, or AccessDeniedException for another account's ARN
   */
  async resolveKey(keyId: string, options: { readonly alias: boolean }): Promise<Row<KeyRecord>> {
    const resource = keyId.startsWith("arn:") ? this.#localResource(keyId, options.alias) : keyId;
    if (resource.startsWith("alias/") && options.alias) {
      const alias = await this.alias(resource);
      if (alias === undefined) throw this.aliasNotFound(resource);
      return this.#existing(alias.value.keyId);
    }
    const id = resource.startsWith("key/") && resource !== keyId ? resource.slice("key/".length) : resource;
    if (!isKeyId(id)) throw new KmsError("NotFoundException", `Invalid keyId '${keyId}'`);
    return this.#existing(id);
  }

  /** An alias of the caller's account and Region; `name` begins with `alias/`. */
  async alias(name: string): Promise<Row<AliasRecord> | undefined> {
    const record = await this.runtime.database.records.get(aliasKey(this.caller, name));
    return record === undefined ? undefined : decode<AliasRecord>(record);
  }

  aliasNotFound(name: string): KmsError {
    return new KmsError("NotFoundException", `Alias ${aliasArn(this.caller, name)} is not found.`);
  }

  /** Applies a mutation durably, or has the whole operation run again. */
  async commit(mutation: Mutation): Promise<void> {
    const applied = await this.runtime.commit(mutation);
    if (!applied) throw new ConflictError();
  }

  /** Writes a key's record anew. */
  updateKey(key: Row<KeyRecord>, value: KeyRecord, also: Mutation = {}): Promise<void> {
    const update = { record: key.record, payload: encode(value) };
    return this.commit({ ...also, updates: [update, ...(also.updates ?? [])] });
  }

  async #existing(id: string): Promise<Row<KeyRecord>> {
    const key = await this.runtime.keys.get(this.caller.region, id);
    if (key === undefined || key.value.accountId !== this.caller.accountId) {
      throw new KmsError("NotFoundException", `Key '${keyArn(this.caller, id)}' does not exist`);
    }
    return key;
  }

  /** The resource of an ARN of the caller's own account and Region. */
  #localResource(text: string, aliasAllowed: boolean): string {
    const arn = parseArn(text);
    if (arn === undefined || arn.partition !== parseArn(keyArn(this.caller, "0"))?.partition) {
      throw new KmsError("InvalidArnException", `${text} is not a valid ARN`);
    }
    if (arn.region !== this.caller.region) {
      throw new KmsError("NotFoundException", `Invalid arn ${arn.region}`);
    }
    if (arn.accountId !== this.caller.accountId) throw this.accessDenied(text);
    const isAlias = arn.resource.startsWith("alias/");
    if (isAlias && !aliasAllowed)
      throw new KmsError("InvalidArnException", `${text} is not the ARN of a key`);
    return arn.resource;
  }

  /** The one answer for what belongs to somebody else, whether it exists or not. */
  accessDenied(resource: string): KmsError {
    return new KmsError(
      "AccessDeniedException",
      `User: ${this.caller.principal} is not authorized to perform this operation on resource: ${resource} because ` +
        "the resource does not exist in this Region, no resource-based policies allow access, or a resource-based " +
        "policy explicitly denies access",
    );
  }
}
