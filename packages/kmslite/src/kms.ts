/**
 * The embedded KMS: one object with a method for each operation of the AWS KMS API.
 */
import { moduleCryptography, type RootKey, secretRootKey } from "@kmslite/hierarchy";
import {
  type AccessExplanation,
  type AccessQuestion,
  type AuditLog,
  type Caller,
  type Diagnosis,
  type KmsMethods,
  kmsMethods,
  partitionOf,
  type Seed,
  type Seeded,
  Service,
  type ServiceOptions,
} from "@kmslite/service";
import type { Iam } from "@kmslite/service/iam";
import type { Store } from "@kmslite/store";
import type { AccessKey, HandlerOptions } from "@kmslite/wire";
import { createRequestHandler, type SdkRequestHandler } from "@kmslite/wire/in-process";
import { callerAs, type Principal } from "./principal.ts";

/** What a KMS is made of. Options that are not listed here are the service's own, with its defaults. */
export interface KmsOptions extends Omit<ServiceOptions, "rootKey" | "store" | "regions"> {
  /** A provider, or a secret of 32 random bytes, which is absorbed and remains the caller's to wipe. */
  readonly root: RootKey | Uint8Array;
  /**
   * A compiled module of `@kmslite/aead`, for runtimes that forbid compiling WebAssembly from bytes; without it they are slower. It takes the
   * place of `cryptography`.
   */
  readonly module?: WebAssembly.Module;
  /** Where the keys are kept, wrapped. */
  readonly store: Store;
  /** `us-east-1` unless given. */
  readonly region?: string;
  /** Other Regions to serve besides: each has keys of its own, and replicas of multi-Region keys. None unless given. */
  readonly otherRegions?: readonly string[];
  /** The account that owns the keys, 12 digits; `000000000000` unless given. */
  readonly account?: string;
  /** ARN of whoever calls the methods, of the account; its root user unless given. {@link RegionalKms.as} gives policies too. */
  readonly principal?: string;
}

/** How to serve the KMS to others. */
export interface FetchHandlerOptions
  extends Pick<HandlerOptions, "connectionOf" | "maximumBodyBytes" | "onExchange"> {
  /** Requests must be signed with one of them. Account and principal are the KMS's own unless given. */
  readonly accessKeys: readonly (Omit<AccessKey, "accountId" | "principal"> & Partial<AccessKey>)[];
  /**
   * Whether this process accepts a signature once only; false unless given, as at AWS. Clients that sign two equal requests in one
   * second without a header of their own that differs, as the AWS CLI can, have the second one refused.
   */
  readonly replayGuard?: boolean;
}

/** A KMS as it is in one Region. Its operations are those of the SDK's `KMS` class. */
export interface RegionalKms extends KmsMethods {
  readonly region: string;
  readonly account: string;
  /** For `new KMSClient({ requestHandler })`: the official SDK in this process, without a network. */
  requestHandler(): SdkRequestHandler;
  /**
   * The same KMS as another principal calls it, of this account or another one. What it may do is up to key policies, grants, and the
   * policies that are given with it.
   *
   * @param who ARN of a root user, a user, a session of a role (`arn:aws:sts::<account>:assumed-role/<role>/<session>`) or a
   *   federated user, or a service such as `s3.amazonaws.com`; whoever is none of them is anonymous
   * @example
   * ```ts
   * const alice = kms.as("arn:aws:iam::111122223333:user/alice");
   * await alice.decrypt({ CiphertextBlob });
   * ```
   */
  as(who: string | Principal): RegionalKms;
}

/** An open KMS. Its operations are those of its first Region. */
export interface Kms extends RegionalKms {
  /** Every Region that it serves, the first one first. */
  readonly regions: readonly string[];
  /**
   * The KMS in one of its Regions.
   *
   * @throws {RangeError} if it does not serve that Region
   */
  in(region: string): RegionalKms;
  /**
   * The AWS wire protocol as a function from request to response, for any server that speaks Fetch. The Region is the one that a
   * request is signed for. What verifies signatures is loaded with it, and not by those who never serve.
   */
  fetchHandler(options: FetchHandlerOptions): (request: Request) => Promise<Response>;
  /**
   * Makes the keys of a seed with their aliases and grants, as far as they are not there: tests then have the same keys every time.
   *
   * @throws {KmsError} AlreadyExistsException if the store has something that the seed says otherwise; nothing is made then
   */
  seed(seed: Seed): Promise<Seeded>;
  /**
   * Says why a principal may do something, or may not: every statement that mattered, and what would have to change.
   *
   * @throws {KmsError} the question makes no sense: no such key, action or principal
   */
  explain(question: AccessQuestion): Promise<AccessExplanation>;
  /**
   * Looks through the whole store for known mistakes: keys that strangers can use, that nobody can change, that will be missed.
   * It changes nothing.
   */
  diagnose(): Promise<Diagnosis>;
  /**
   * The users, roles and access keys of an account, its own unless given: to be kept by whoever runs the KMS, and asking nobody for
   * permission. A server knows them besides its `accessKeys`.
   *
   * @throws {IamError} ValidationError unless the account is 12 digits
   */
  iam(account?: string): Promise<Iam>;
  /** The audit log in the store: events, checkpoints and proofs; `undefined` if none was begun. */
  auditLog(): Promise<AuditLog | undefined>;
  /** Replaces the domain key now, and moves every key token under the new one. */
  rotateDomainKey(): Promise<void>;
  /** Does what is due by the clock (rotations, deletions). Every call of an operation does it too. */
  runDueWork(): Promise<void>;
  /** Wipes the keys in memory, then closes the store and the root key. Closing twice is harmless. */
  close(): Promise<void>;
}

const REGION = /^[a-z]{2,}(?:-[a-z]+)+-[0-9]+$/;
const ACCOUNT = /^[0-9]{12}$/;

/**
 * Opens a KMS over a store, and makes the store ready if it is new.
 *
 * Once it is open, the store and the root key belong to it: {@link Kms.close} closes them. If it throws, they are still
 * the caller's.
 *
 * @throws {RangeError} if the root secret is not 32 bytes long, or region or account is malformed
 * @throws {HierarchyError} `WrongRootKey` if the root key does not open the store
 * @throws {IntegrityError} if the store was tampered with
 * @throws {StoreError} if the store can't be read or written
 *
 * @example
 * ```ts
 * const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore() });
 * const { KeyMetadata } = await kms.createKey({ Description: "orders" });
 * ```
 */
export async function createKms(options: KmsOptions): Promise<Kms> {
  const {
    root,
    store,
    module,
    region = "us-east-1",
    otherRegions = [],
    account = "000000000000",
    principal,
    ...rest
  } = options;
  const regions = [...new Set([region, ...otherRegions])];
  const malformed = regions.find((name) => !REGION.test(name));
  if (malformed !== undefined)
    throw new RangeError(`Region: expected one such as us-east-1, got '${malformed}'`);
  if (!ACCOUNT.test(account)) throw new RangeError(`Account: expected 12 digits, got '${account}'`);
  const callers = regions.map((name) => ({
    accountId: account,
    region: name,
    principal: principal ?? `arn:${partitionOf(name)}:iam::${account}:root`,
  }));
  const cryptography = module === undefined ? rest.cryptography : moduleCryptography(module);
  const rootKey = root instanceof Uint8Array ? secretRootKey(root, cryptography) : root;
  try {
    const service = await Service.open({
      ...rest,
      ...(cryptography === undefined ? {} : { cryptography }),
      rootKey,
      store,
      regions,
    });
    return kmsOf(service, callers, rest.clock, async () => {
      await service.close();
      await store.close();
      rootKey.close?.();
    });
  } catch (error) {
    if (rootKey !== root) rootKey.close?.();
    throw error;
  }
}

function kmsOf(
  service: Service,
  callers: readonly Caller[],
  clock: (() => number) | undefined,
  close: () => Promise<void>,
): Kms {
  let closing: Promise<void> | undefined;
  const byRegion = new Map(callers.map((caller) => [caller.region, regionalKms(service, caller)]));
  const regions = [...byRegion.keys()];
  const inRegion = (region: string): RegionalKms => {
    const kms = byRegion.get(region);
    if (kms === undefined) throw new RangeError(`Region: expected ${regions.join(" or ")}, got '${region}'`);
    return kms;
  };
  return {
    ...inRegion(regions[0] as string),
    regions,
    in: inRegion,
    fetchHandler: (options) => {
      const loading = handlerOf(service, callers, clock, options);
      // Whoever sends a request hears of it.
      loading.catch(() => {});
      return async (request) => (await loading)(request);
    },
    seed: (seed) => service.seed(seed, callers[0] as Caller),
    diagnose: () => service.diagnose(),
    iam: async (account = (callers[0] as Caller).accountId) => (await service.directory()).account(account),
    auditLog: () => service.auditLog(),
    explain: (question) => service.explain(question, callers[0] as Caller),
    rotateDomainKey: () => service.rotateDomainKey(),
    runDueWork: () => service.runDueWork(),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function regionalKms(service: Service, caller: Caller): RegionalKms {
  return {
    ...kmsMethods(service, caller),
    region: caller.region,
    account: caller.accountId,
    requestHandler: () => createRequestHandler(service, caller),
    as: (who) => regionalKms(service, callerAs(caller, who)),
  };
}

async function handlerOf(
  service: Service,
  callers: readonly Caller[],
  clock: (() => number) | undefined,
  { accessKeys, replayGuard = false, ...handler }: FetchHandlerOptions,
): Promise<(request: Request) => Promise<Response>> {
  const { createHandler, sigV4Authenticator } = await import("@kmslite/wire");
  const [{ accountId, principal }] = callers as readonly [Caller];
  const authenticate = sigV4Authenticator({
    accessKeys: accessKeys.map((key) => ({ accountId, principal, ...key })),
    regions: callers.map(({ region }) => region),
    directory: async (accessKeyId, sessionToken) =>
      (await service.directory()).find(accessKeyId, sessionToken),
    replayGuard,
    ...(clock === undefined ? {} : { clock }),
  });
  return createHandler({ service, authenticate, ...handler });
}
