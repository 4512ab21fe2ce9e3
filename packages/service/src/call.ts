/**
 * One call of an operation: who calls, and what the operation may use.
 */
import { isKeyId } from "@kmslite/hierarchy";
import type { Mutation } from "@kmslite/store/authenticated";
import { isAliasName } from "./alias-name.ts";
import { aliasArn, keyArn, parseArn, partitionOf } from "./arn.ts";
import type { Trail } from "./audit/trail.ts";
import type { Caller } from "./caller.ts";
import { ConflictError } from "./conflict.ts";
import { aliasKey } from "./database/keys.ts";
import { type AliasRecord, decode, type KeyRecord, type Row } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import { together } from "./mutations.ts";
import type { Recipient } from "./recipient/recipient.ts";
import type { Runtime } from "./runtime.ts";
import { updatedKey } from "./updated-key.ts";
import type { TrackedOperation } from "./usage/last-usage.ts";

/** How a key may be named, and how fresh what is known of it must be. */
export interface Resolution {
  /** Whether an alias may stand for the key. */
  readonly alias: boolean;
  /** Whether what this process read lately will do: for cryptographic operations, which change nothing. */
  readonly lately?: boolean;
  /** The permission that the caller would need, for the refusal: the operation's name unless given. */
  readonly action?: string;
}

export class Call {
  readonly caller: Caller;
  readonly runtime: Runtime;
  /** The time of the call: milliseconds since 1970. */
  readonly now: number;
  /** Its name in the API. */
  readonly operation: string;
  /** The attested environment that the answer is for, if the request names one; its document was verified. */
  readonly recipient: Recipient | undefined;
  /** What the call leaves for its event; absent where there is no audit. */
  readonly #trail: Trail | undefined;
  /** The keys that the call uses: two for ReEncrypt. */
  #used: KeyRecord | undefined;
  #alsoUsed: KeyRecord | undefined;

  constructor(runtime: Runtime, caller: Caller, operation: string, recipient?: Recipient, trail?: Trail) {
    this.#trail = trail;
    // The operation may run again, and find others.
    trail?.keys.splice(0);
    this.runtime = runtime;
    this.caller = caller;
    this.now = runtime.clock();
    this.operation = operation;
    this.recipient = recipient;
  }

  /**
   * The KMS key that a KeyId names: a key id, a key ARN or, where `alias` allows it, an alias name or alias ARN.
   *
   * @throws {KmsError} NotFoundException, InvalidArnException, or AccessDeniedException for another account's ARN
   */
  async resolveKey(keyId: string, resolution: Resolution): Promise<Row<KeyRecord>> {
    const named = keyId.startsWith("arn:") ? this.#localResource(keyId, resolution) : keyId;
    const lately = resolution.lately === true;
    if (named.startsWith("alias/")) {
      if (!resolution.alias) {
        throw new KmsError("InvalidArnException", "Key Aliases are not supported for this operation.");
      }
      const alias = (await this.alias(named)) ?? (await this.#managedAlias(named));
      if (alias === undefined) throw this.aliasNotFound(named);
      return this.#existing(alias.value.keyId, lately);
    }
    const id = named !== keyId && named.startsWith("key/") ? named.slice("key/".length) : named;
    if (!isKeyId(id)) throw new KmsError("NotFoundException", `Invalid keyId '${id}'`);
    return this.#existing(id, lately);
  }

  /**
   * A key of the caller's account and Region by its id, or `undefined` if there is none. A key whose waiting period is
   * over is none any more, whether or not its records are gone already.
   */
  async findKey(id: string, lately: boolean): Promise<Row<KeyRecord> | undefined> {
    const key = await this.runtime.key(this.caller.region, id, lately);
    if (key === undefined || key.value.accountId !== this.caller.accountId) return undefined;
    const { deletionAt } = key.value;
    if (deletionAt !== undefined && deletionAt <= this.now) return undefined;
    this.#trail?.keys.push(key.value);
    if (lately) this.#use(key.value);
    if (key.value.customKeyStoreId !== undefined) {
      const { asAvailable } = await import("./key-stores/availability.ts");
      return asAvailable(this.runtime, key);
    }
    // The same goes for material that expired.
    const validTo = key.value.expiration?.validTo;
    if (validTo === undefined || validTo > this.now) return key;
    const { withoutExpired } = await import("./imported-materials.ts");
    return { ...key, value: withoutExpired(key.value, this.now) };
  }

  /** Notes what the call used, once it has succeeded. */
  noteUse(): void {
    const { lastUsage } = this.runtime;
    // Looking at a key's public half uses the key no more than describing it does.
    if (this.#used === undefined || this.operation === "GetPublicKey") return;
    lastUsage.note(this.operation as TrackedOperation, this.#used, this.now);
    if (this.#alsoUsed !== undefined)
      lastUsage.note(this.operation as TrackedOperation, this.#alsoUsed, this.now);
  }

  /** An alias of the caller's account and Region; `name` begins with `alias/`. */
  async alias(name: string): Promise<Row<AliasRecord> | undefined> {
    if (!isAliasName(name)) return undefined;
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

  /** Writes a key's record anew, and what it shares with related keys in theirs. */
  async updateKey(key: Row<KeyRecord>, value: KeyRecord, also: Mutation = {}): Promise<void> {
    await this.commit(together(await updatedKey(this.runtime, key, value), also));
  }

  async #existing(id: string, lately: boolean): Promise<Row<KeyRecord>> {
    const key = await this.findKey(id, lately);
    if (key === undefined) {
      throw new KmsError("NotFoundException", `Key '${keyArn(this.caller, id)}' does not exist`);
    }
    if (key.value.manager !== undefined) {
      const { assertAllowedOnManagedKey } = await import("./managed/allowed-operations.ts");
      assertAllowedOnManagedKey(this.caller, this.operation, key.value);
    }
    return key;
  }

  /** A key that the call uses is paid for, once. */
  #use(key: KeyRecord): void {
    if (this.#used === undefined) {
      this.#used = key;
      this.runtime.throttle?.payForKey(this.operation, key, this.caller);
    } else if (key.keyId !== this.#used.keyId) this.#alsoUsed = key;
  }

  /** The alias of an AWS managed key, which is made when its service first asks for it. */
  async #managedAlias(name: string): Promise<Row<AliasRecord> | undefined> {
    if (this.caller.service === undefined || !name.startsWith("alias/aws/")) return undefined;
    const { makeManagedKey } = await import("./managed/managed-key.ts");
    return (await makeManagedKey(this, name)) ? this.alias(name) : undefined;
  }

  /** The resource of an ARN of the caller's own account and Region. */
  #localResource(text: string, resolution: Resolution): string {
    const arn = parseArn(text);
    if (arn === undefined || arn.partition !== partitionOf(arn.region)) {
      throw new KmsError("InvalidArnException", `${text} is not a valid ARN`);
    }
    if (arn.region !== this.caller.region) {
      throw new KmsError(
        "NotFoundException",
        `Invalid arn ${arn.region}: the request was sent to ${this.caller.region}, where that key is not.`,
      );
    }
    if (arn.accountId !== this.caller.accountId) throw this.#accessDenied(resolution.action);
    return arn.resource;
  }

  /** The one answer for what belongs to somebody else, whether it exists or not. */
  #accessDenied(action: string = this.operation): KmsError {
    return new KmsError(
      "AccessDeniedException",
      `User: ${this.caller.principal} is not authorized to perform: kms:${action} on this resource because the ` +
        "resource does not exist in this Region, no resource-based policies allow access, or a resource-based " +
        "policy explicitly denies access",
    );
  }
}
