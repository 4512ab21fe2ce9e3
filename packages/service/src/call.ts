/**
 * One call of an operation: who calls, and what the operation may use.
 */
import { isKeyId } from "@kmslite/hierarchy";
import type { Mutation } from "@kmslite/store/authenticated";
import { isAliasName } from "./alias-name.ts";
import { aliasArn, keyArn } from "./arn.ts";
import { type AtOnce, whenThere } from "./at-once.ts";
import type { Trail } from "./audit/trail.ts";
import { type Caller, isRootUser } from "./caller.ts";
import { ConflictError } from "./conflict.ts";
import { aliasKey } from "./database/keys.ts";
import { type AliasRecord, decode, type KeyRecord, type Row } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import { together } from "./mutations.ts";
import type { Recipient } from "./recipient/recipient.ts";
import type { Runtime } from "./runtime.ts";
import { updatedKey } from "./updated-key.ts";
import type { TrackedOperation } from "./usage/last-usage.ts";

/** What the caller is to do with a key. */
export interface Use {
  /** Whether what this process read lately will do: for cryptographic operations, which change nothing. */
  readonly lately?: boolean;
  /** The permission that the caller needs: the operation's name unless given. */
  readonly action?: string;
  /** The refusal, if it must not tell whether the key exists; for another account's key it never does. */
  readonly refusal?: () => KmsError;
}

/** How a key may be named besides. */
export interface Resolution extends Use {
  /** Whether an alias may stand for the key. */
  readonly alias: boolean;
}

/** What decides by policies and grants. Whoever needs neither never loads it. */
let authorization: typeof import("./authorization/authorize.ts") | undefined;

async function loadAuthorization(): Promise<typeof import("./authorization/authorize.ts")> {
  authorization = await import("./authorization/authorize.ts");
  return authorization;
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
  /** What it asks for, validated. */
  readonly request: Readonly<Record<string, unknown>>;
  /** The keys that the call uses: two for ReEncrypt. */
  #used: KeyRecord | undefined;
  #alsoUsed: KeyRecord | undefined;

  constructor(
    runtime: Runtime,
    caller: Caller,
    operation: string,
    request: Readonly<Record<string, unknown>> = {},
    recipient?: Recipient,
    trail?: Trail,
  ) {
    this.#trail = trail;
    // The operation may run again, and find others.
    trail?.keys.splice(0);
    this.request = request;
    this.runtime = runtime;
    this.caller = caller;
    this.now = runtime.clock();
    this.operation = operation;
    this.recipient = recipient;
  }

  /**
   * The KMS key that a KeyId names: a key id, a key ARN or, where `alias` allows it, an alias name or alias ARN. The caller may do
   * with it what it asks for.
   *
   * @throws {KmsError} NotFoundException, InvalidArnException, AccessDeniedException
   */
  resolveKey(keyId: string, resolution: Resolution): AtOnce<Row<KeyRecord>> {
    return whenThere(this.locateKey(keyId, resolution), (key) => this.allowed(key, resolution));
  }

  /** As {@link resolveKey}, for what does not depend on a permission on the key; its answer must not either. */
  locateKey(keyId: string, resolution: Resolution): AtOnce<Row<KeyRecord>> {
    const own = keyId.startsWith("arn:") ? aliasArn(this.caller, "") : "";
    const named = keyId.startsWith(own) ? keyId.slice(own.length) : keyId;
    if (named.startsWith("alias/") && resolution.alias) return this.#locateByAlias(named, resolution);
    const id = named !== keyId && named.startsWith("key/") ? named.slice("key/".length) : keyId;
    if (!isKeyId(id)) return this.#locateElsewhere(keyId, resolution);
    return whenThere(this.findKey(id, resolution.lately === true), (key) => {
      if (key !== undefined && key.value.accountId === this.caller.accountId) return key;
      throw new KmsError("NotFoundException", `Key '${keyArn(this.caller, id)}' does not exist`);
    });
  }

  /**
   * A key of the Region by its id, whoever owns it, or `undefined` if there is none: it must not be used before it went through
   * {@link allowed}. A key whose waiting period is over is none any more, whether or not its records are gone already.
   */
  findKey(id: string, lately: boolean): AtOnce<Row<KeyRecord> | undefined> {
    return whenThere(this.runtime.key(this.caller.region, id, lately), (key) => {
      if (key === undefined) return undefined;
      const { deletionAt, customKeyStoreId, expiration } = key.value;
      if (deletionAt !== undefined && deletionAt <= this.now) return undefined;
      if (key.value.accountId === this.caller.accountId) this.#trail?.keys.push(key.value);
      if (customKeyStoreId !== undefined) return this.#asAvailable(key);
      // The same goes for material that expired.
      const validTo = expiration?.validTo;
      return validTo === undefined || validTo > this.now ? key : this.#withoutExpired(key);
    });
  }

  /**
   * The key, if the caller may do with it what it asks for.
   *
   * @throws {KmsError} AccessDeniedException
   */
  allowed(key: Row<KeyRecord>, use: Use): AtOnce<Row<KeyRecord>> {
    const { value } = key;
    // The root user may do all with keys that leave it to the account.
    const asked =
      value.policy !== undefined || value.accountId !== this.caller.accountId || !isRootUser(this.caller)
        ? whenThere(authorization ?? loadAuthorization(), ({ authorizeOnKey }) =>
            authorizeOnKey(this, value, use),
          )
        : undefined;
    return whenThere(asked, () => {
      // Of another account's key, that it exists is told to nobody who may not use it.
      if (value.accountId !== this.caller.accountId) this.#trail?.keys.push(value);
      if (use.lately === true) this.#use(value);
      return key;
    });
  }

  /**
   * Whether the caller may do what no key policy has a say in.
   *
   * @param resource ARN of an alias; absent if it is about none
   * @throws {KmsError} AccessDeniedException
   */
  async authorize(action: string, resource?: string): Promise<void> {
    if (isRootUser(this.caller)) return;
    const { authorizeByIdentity } = authorization ?? (await loadAuthorization());
    authorizeByIdentity(this, action, resource);
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

  /** An alias of an account, the caller's unless given, in the Region; `name` begins with `alias/`. */
  async alias(
    name: string,
    accountId: string = this.caller.accountId,
  ): Promise<Row<AliasRecord> | undefined> {
    if (!isAliasName(name)) return undefined;
    const place = { accountId, region: this.caller.region };
    const record = await this.runtime.database.records.get(aliasKey(place, name));
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

  /** A key that the call uses is paid for, once. */
  #use(key: KeyRecord): void {
    if (this.#used === undefined) {
      this.#used = key;
      this.runtime.throttle?.payForKey(this.operation, key, this.caller);
    } else if (key.keyId !== this.#used.keyId) this.#alsoUsed = key;
  }

  async #locateByAlias(name: string, resolution: Resolution): Promise<Row<KeyRecord>> {
    const alias = (await this.alias(name)) ?? (await this.#managedAlias(name));
    if (alias === undefined) throw this.aliasNotFound(name);
    return this.locateKey(alias.value.keyId, resolution);
  }

  async #locateElsewhere(keyId: string, resolution: Resolution): Promise<Row<KeyRecord>> {
    const { keyElsewhere } = await import("./authorization/key-elsewhere.ts");
    return keyElsewhere(this, keyId, resolution);
  }

  async #asAvailable(key: Row<KeyRecord>): Promise<Row<KeyRecord> | undefined> {
    const { asAvailable } = await import("./key-stores/availability.ts");
    return asAvailable(this.runtime, key);
  }

  async #withoutExpired(key: Row<KeyRecord>): Promise<Row<KeyRecord>> {
    const { withoutExpired } = await import("./imported-materials.ts");
    return { ...key, value: withoutExpired(key.value, this.now) };
  }

  /** The alias of an AWS managed key, which is made when its service first asks for it. */
  async #managedAlias(name: string): Promise<Row<AliasRecord> | undefined> {
    if (this.caller.service === undefined || !name.startsWith("alias/aws/")) return undefined;
    const { makeManagedKey } = await import("./managed/managed-key.ts");
    return (await makeManagedKey(this, name)) ? this.alias(name) : undefined;
  }
}
