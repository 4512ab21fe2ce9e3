/** Who a request comes from, by its Signature Version 4. */
import type { Caller, Identity } from "@kmslite/service";
import { type Credential, createVerifier, type SignedRequest, type Verifier } from "./sigv4/index.ts";
import { createReplayGuard } from "./sigv4/replay-guard.ts";

/** An access key and the principal it belongs to. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** 12 digits. */
  readonly accountId: string;
  /** ARN. */
  readonly principal: string;
}

/** An access key that a directory has, with what it knows of the principal. */
export interface DirectoryKey extends AccessKey {
  /** Milliseconds since 1970; temporary credentials end. */
  readonly expiresAt?: number;
  readonly identity?: Identity;
}

/** Finds access keys: those of users, and of roles' sessions by their session token. */
export type FindAccessKey = (
  accessKeyId: string,
  sessionToken: string | undefined,
) => Promise<DirectoryKey | undefined>;

/**
 * Establishes the caller of a request.
 *
 * @param service what the request must be signed for, such as `kms`
 * @throws {SignatureError} if it can't
 */
export type Authenticate = (request: SignedRequest, service: string) => Promise<Caller>;

/** Verifies Signature Version 4 against a fixed list of access keys, and a directory besides. */
export function sigV4Authenticator(options: {
  readonly accessKeys: readonly AccessKey[];
  readonly regions: readonly string[];
  /** Asked for access keys that are not in the list. */
  readonly directory?: FindAccessKey;
  /** Milliseconds since 1970; the platform's clock unless given. */
  readonly clock?: () => number;
  /** Whether a signature is accepted once only by this process; AWS accepts it again while it is current. */
  readonly replayGuard?: boolean;
}): Authenticate {
  const { directory, clock = Date.now } = options;
  const replayGuard = options.replayGuard === true ? createReplayGuard(clock) : undefined;
  const fixed = new Map(options.accessKeys.map((key) => [key.accessKeyId, credentialOf(key)]));
  const found = async (accessKeyId: string, sessionToken: string | undefined) => {
    const key = await directory?.(accessKeyId, sessionToken);
    return key === undefined ? undefined : credentialOf(key);
  };
  const verifierFor = (service: string) =>
    createVerifier<DirectoryKey>({
      credentials: (accessKeyId, sessionToken) => fixed.get(accessKeyId) ?? found(accessKeyId, sessionToken),
      service,
      regions: options.regions,
      clock,
      // Whoever has no key can't find out by trying which ones there are (docs/decisions/0020).
      concealUnknownKeys: true,
      ...(replayGuard === undefined ? {} : { replayGuard }),
    });
  const verifiers = new Map<string, Verifier<DirectoryKey>>();
  return async (request, service) => {
    let verify = verifiers.get(service);
    if (verify === undefined) {
      verify = verifierFor(service);
      verifiers.set(service, verify);
    }
    const { principal: key, region } = await verify(request);
    const { accountId, principal, accessKeyId, identity } = key;
    return { accountId, principal, region, identity: identity ?? { accessKeyId } };
  };
}

function credentialOf(key: DirectoryKey): Credential<DirectoryKey> {
  return { ...key, principal: key };
}
