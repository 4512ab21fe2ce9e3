/**
 * The key management service: opens a store, runs operations, does what is due.
 */
import { type Cryptography, platformCryptography, type RootKey } from "@kmslite/hierarchy";
import type { Store } from "@kmslite/store";
import { StoreError } from "@kmslite/store";
import { IntegrityError } from "@kmslite/store/authenticated";
import type { Place } from "./arn.ts";
import { type AtOnce, isLater, whenThere } from "./at-once.ts";
import type { AuditLog } from "./audit/audit-log.ts";
import type { AuditOption } from "./audit/sink.ts";
import type { Trail } from "./audit/trail.ts";
import { Call } from "./call.ts";
import type { Caller } from "./caller.ts";
import { ConflictError } from "./conflict.ts";
import { Database } from "./database/database.ts";
import type { Diagnosis } from "./doctor/diagnose.ts";
import { KmsError } from "./errors.ts";
import type { AccessQuestion } from "./explain/access-question.ts";
import type { AccessExplanation } from "./explain/explain-access.ts";
import type { PrincipalDirectory } from "./iam/principal-directory.ts";
import type { KeyStorePorts } from "./key-stores/ports.ts";
import { AWS_LIMITS, type Limits } from "./limits.ts";
import { operationNamed } from "./operations/find.ts";
import type { RequestQuotas, RequestThrottle } from "./quotas/request-quotas.ts";
import type { Recipient } from "./recipient/recipient.ts";
import { Runtime } from "./runtime.ts";
import { Scheduler } from "./schedule/scheduler.ts";
import type { Seed, Seeded } from "./seed/seed.ts";
import type { RecipientInfo } from "./shapes/common.ts";
import { validate } from "./shapes/validate.ts";

/** What a service is made of. */
export interface ServiceOptions {
  readonly rootKey: RootKey;
  readonly store: Store;
  /** Milliseconds since 1970; the platform's clock unless given. */
  readonly clock?: () => number;
  /** Cipher and randomness; the best that the platform has unless given. */
  readonly cryptography?: Cryptography;
  /** AWS's limits unless given. */
  readonly limits?: Partial<Limits>;
  /** Regions that are served, and so can hold replicas; any unless given. */
  readonly regions?: readonly string[];
  /**
   * Requests per second: AWS's own, a table of one's own for each account and Region, or none (`off`, unless given). Each
   * process counts for itself.
   */
  readonly requestQuotas?: "aws" | "off" | RequestQuotas;
  /** How long a change by another process may go unseen, in milliseconds; 1,000 unless given. */
  readonly keyCacheMs?: number;
  /** Days between rotations of the domain key; 30 unless given. */
  readonly domainKeyRotationDays?: number;
  /** How custom key stores are reached: HSM clusters and external key store proxies. */
  readonly keyStores?: KeyStorePorts;
  /**
   * Certificates that the attestation documents of `Recipient` must lead to: DER, or text in PEM. AWS's root of its commercial
   * partition unless given; none of them, and no document is accepted.
   */
  readonly nitroRoots?: readonly (Uint8Array | string)[];
  /**
   * Where every call leaves an event before it is answered: the store, where they form a Merkle tree, or a function of one's own.
   * Nowhere unless given.
   */
  readonly audit?: AuditOption;
  /** Told of rotations and deletions that failed when they were due. They are tried again; nothing else waits for them. */
  readonly onDueWorkFailure?: (error: unknown) => void;
}

/** How often an operation runs again because somebody else changed what it had read. */
const MAXIMUM_ATTEMPTS = 64;

export class Service {
  readonly #runtime: Runtime;
  readonly #scheduler: Scheduler;
  #directory: PrincipalDirectory | undefined;
  #closed = false;

  private constructor(runtime: Runtime, scheduler: Scheduler) {
    this.#runtime = runtime;
    this.#scheduler = scheduler;
  }

  /**
   * Opens a store with its root key, makes it ready if it is new, and does what fell due while nobody ran.
   *
   * @throws {HierarchyError} `WrongRootKey` if the root key does not open the store
   * @throws {IntegrityError} if the keyring was tampered with
   * @throws {RangeError} if a Nitro root is not a certificate
   */
  static async open(options: ServiceOptions): Promise<Service> {
    const clock = options.clock ?? Date.now;
    const cryptography = options.cryptography ?? (await platformCryptography());
    const database = await Database.open(options.store, options.rootKey, cryptography, clock());
    const limits = { ...AWS_LIMITS, ...options.limits };
    const runtime = new Runtime(database, clock, limits, options.keyCacheMs ?? 1000, {
      regions: options.regions,
      throttle: await throttleOf(options.requestQuotas, clock),
      keyStores: options.keyStores,
      nitroRoots: await nitroRootsOf(options.nitroRoots),
      onFailure: options.onDueWorkFailure,
    });
    if (options.audit !== undefined) {
      const { openAudit } = await import("./audit/sink.ts");
      runtime.auditor = await openAudit(runtime, options.audit);
    }
    const scheduler = await Scheduler.start(runtime, {
      domainKeyRotationDays: options.domainKeyRotationDays ?? 30,
      onFailure: options.onDueWorkFailure ?? (() => {}),
    });
    return new Service(runtime, scheduler);
  }

  /**
   * Runs one operation.
   *
   * @param name  its name in the API, such as `Encrypt`
   * @param input its request
   * @throws {KmsError} whatever AWS KMS would answer
   */
  call(name: string, input: unknown, caller: Caller): Promise<object> {
    const { auditor } = this.#runtime;
    if (auditor === undefined || this.#closed) return this.#call(name, input, caller);
    return auditor.record(name, input, caller, (trail) => this.#call(name, input, caller, trail));
  }

  async #call(name: string, input: unknown, caller: Caller, trail?: Trail): Promise<object> {
    if (this.#closed) throw new KmsError("KMSInternalException", "The service is closed");
    const found = operationNamed(name);
    if (found === undefined) {
      throw new KmsError("UnknownOperationException", `The operation ${name} is not known`);
    }
    try {
      const operation = isLater(found) ? await found : found;
      const request = validate(operation.input, input ?? {});
      if (trail !== undefined) trail.request = request;
      if (request["GrantTokens"] !== undefined) await this.#assertGrantTokens(request["GrantTokens"]);
      this.#runtime.throttle?.payForRequest(name, request, caller);
      const due = this.#scheduler.catchUp();
      if (due !== undefined) await due;
      const recipient =
        request["Recipient"] === undefined ? undefined : await this.#recipientOf(request["Recipient"]);
      if (trail !== undefined && recipient !== undefined) trail.attestation = recipient.document;
      const attempt = () => {
        const call = new Call(this.#runtime, caller, name, request, recipient, trail);
        return whenThere(operation.run(call, request as never), (response) => {
          call.noteUse();
          return response as object;
        });
      };
      const answer = attempt();
      return isLater(answer) ? await unlessConflict(answer, attempt) : answer;
    } catch (error) {
      throw asKmsError(error);
    }
  }

  /**
   * Leaves the event of a call that was refused before it could be made: its request could not be read.
   *
   * @throws {KmsError} the refusal; KMSInternalException if the event could not be kept
   */
  async refuse(name: string, caller: Caller, refusal: unknown): Promise<never> {
    await this.#runtime.auditor?.record(name, undefined, caller, () => Promise.reject(refusal));
    throw refusal;
  }

  /** Does what is due by the clock. Called by timers; every call of an operation does it too. */
  async runDueWork(): Promise<void> {
    await this.#scheduler.catchUp();
    await this.#runtime.lastUsage.flush();
  }

  /**
   * Makes the keys of a seed with their aliases and grants, as far as they are not there. For tests that are to be repeatable:
   * whoever has the seed has the keys.
   *
   * @throws {KmsError} ValidationException; AlreadyExistsException if the store has something that the seed says otherwise, and
   *   then nothing is made
   */
  async seed(seed: Seed, caller: Caller): Promise<Seeded> {
    if (this.#closed) throw new KmsError("KMSInternalException", "The service is closed");
    try {
      const { plant } = await import("./seed/plant.ts");
      return await plant(this.#runtime, seed, caller, (name, request) => this.call(name, request, caller));
    } catch (error) {
      throw asKmsError(error);
    }
  }

  /**
   * Says why a principal may do something, or may not, and what would have to change.
   *
   * @param home account and Region that a key id or an alias is looked for in
   * @throws {KmsError} the question makes no sense
   */
  async explain(question: AccessQuestion, home: Place): Promise<AccessExplanation> {
    const { explainAccess } = await import("./explain/explain-access.ts");
    return explainAccess(this.#runtime, question, home);
  }

  /** Looks through the whole store for known mistakes: keys that strangers can use, that nobody can change, that will be missed. */
  async diagnose(): Promise<Diagnosis> {
    const { diagnose } = await import("./doctor/diagnose.ts");
    return diagnose(this.#runtime);
  }

  /** The accounts, users and roles that the store knows, with their access keys; loaded when it is first asked for. */
  async directory(): Promise<PrincipalDirectory> {
    if (this.#directory === undefined) {
      const { PrincipalDirectory } = await import("./iam/principal-directory.ts");
      this.#directory ??= new PrincipalDirectory(this.#runtime);
    }
    return this.#directory;
  }

  /** The audit log in the store, whoever writes it; `undefined` if there is none. */
  async auditLog(): Promise<AuditLog | undefined> {
    const { AuditLog } = await import("./audit/audit-log.ts");
    return AuditLog.open(this.#runtime);
  }

  /** Replaces the domain key now, and moves every key token under the new one. */
  async rotateDomainKey(): Promise<void> {
    await this.#scheduler.rotateDomainKey();
  }

  /** When work is due next: milliseconds since 1970. */
  get nextDueAt(): number {
    return this.#scheduler.nextDueAt;
  }

  /** Wipes the keys in memory. The store and the root key are the caller's to close. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#scheduler.settled();
    await this.#runtime.lastUsage.flush();
    await this.#runtime.close();
  }

  /** Grant tokens are checked for every operation that takes them; what makes and reads them is loaded with the first. */
  async #assertGrantTokens(tokens: unknown): Promise<void> {
    const { assertGrantTokens } = await import("./grants/grant-tokens.ts");
    assertGrantTokens(this.#runtime.database, tokens as readonly string[]);
  }

  /** So is the attestation document of whom the answer is for, before anything of the request is looked at. */
  async #recipientOf(recipient: unknown): Promise<Recipient> {
    const { verifiedRecipient } = await import("./recipient/recipient.ts");
    return verifiedRecipient(this.#runtime, recipient as RecipientInfo);
  }
}

/** What the first attempt answers, or a later one if it met changes by somebody else; what answers at once can meet none. */
async function unlessConflict(first: Promise<object>, attempt: () => AtOnce<object>): Promise<object> {
  for (let count = 1; count <= MAXIMUM_ATTEMPTS; count++) {
    try {
      return await (count === 1 ? first : attempt());
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      await pause(count);
    }
  }
  throw new KmsError("KMSInternalException", "The resource is being changed by many others; try again");
}

/** What holds callers to their quotas; loaded where there are any. */
async function throttleOf(
  quotas: ServiceOptions["requestQuotas"],
  clock: () => number,
): Promise<RequestThrottle | undefined> {
  if (quotas === undefined || quotas === "off") return undefined;
  const { RequestThrottle } = await import("./quotas/request-quotas.ts");
  if (quotas !== "aws") return new RequestThrottle(() => quotas, clock);
  const { awsRequestQuotas } = await import("./quotas/aws-request-quotas.ts");
  return new RequestThrottle(awsRequestQuotas, clock);
}

/** The DER of roots that were given; what reads them is loaded where there are any. */
async function nitroRootsOf(roots: ServiceOptions["nitroRoots"]): Promise<readonly Uint8Array[] | undefined> {
  if (roots === undefined) return undefined;
  const { nitroRootsOf } = await import("./recipient/nitro-roots.ts");
  return nitroRootsOf(roots);
}

/** Longer and longer, and never the same for two who met. */
function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** attempt, 50)));
}

/** What an operation threw, as the caller may see it. What is not ours is told as an internal error, fail-closed. */
function asKmsError(error: unknown): KmsError {
  if (error instanceof KmsError) return error;
  if (error instanceof IntegrityError) {
    return new KmsError("KMSInternalException", error.message, { cause: error });
  }
  if (error instanceof StoreError) {
    return new KmsError("KMSInternalException", "The store is not available", { cause: error });
  }
  return new KmsError("KMSInternalException", "The request could not be completed", { cause: error });
}
