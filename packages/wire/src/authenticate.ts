/** Who a request comes from, by its Signature Version 4. */
import type { Caller } from "@kmslite/service";
import { createVerifier, type SignedRequest } from "./sigv4/index.ts";

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

/** Establishes the caller of a request; @throws {SignatureError} if it can't */
export type Authenticate = (request: SignedRequest) => Promise<Caller>;

/** Verifies Signature Version 4 against a fixed list of access keys. */
export function sigV4Authenticator(options: {
  readonly accessKeys: readonly AccessKey[];
  readonly regions: readonly string[];
  /** Milliseconds since 1970; the platform's clock unless given. */
  readonly clock?: () => number;
}): Authenticate {
  const byId = new Map(options.accessKeys.map((key) => [key.accessKeyId, { ...key, principal: key }]));
  const verify = createVerifier<AccessKey>({
    credentials: (accessKeyId) => byId.get(accessKeyId),
    service: "kms",
    regions: options.regions,
    clock: options.clock ?? Date.now,
  });
  return async (request) => {
    const { principal, region } = await verify(request);
    return { accountId: principal.accountId, principal: principal.principal, region };
  };
}
