/** What goes into a Signature Version 4 verifier, and what comes out. */

/** A request as it was received. Nothing may have been decoded, normalized or reordered. */
export interface SignedRequest {
  /** upper case */
  readonly method: string;
  /** raw path and query */
  readonly url: string;
  /** a Fetch `Headers`, or a list of name and value in which repeated headers are still visible; has `host` */
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: Uint8Array;
}

/** An access key and whoever it belongs to. */
export interface Credential<P> {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** temporary credentials have one, and a request must then carry it */
  readonly sessionToken?: string;
  /** end of temporary credentials, in milliseconds since the epoch */
  readonly expiresAt?: number;
  readonly principal: P;
}

export interface VerifierOptions<P> {
  /**
   * finds an access key; a rejected promise refuses the request with that error. The session token is what the request claims:
   * temporary credentials can be found by it
   */
  readonly credentials: (
    accessKeyId: string,
    sessionToken: string | undefined,
  ) => Credential<P> | undefined | Promise<Credential<P> | undefined>;
  /** the service's signing name, for example `kms` */
  readonly service: string;
  /** the Regions this endpoint answers for */
  readonly regions: readonly string[] | ((region: string) => boolean);
  /** milliseconds since the epoch */
  readonly clock: () => number;
  /** tolerated clock difference in milliseconds; 300,000 if not given */
  readonly maximumSkewMs?: number;
  /**
   * Answers an unknown access key, and a wrong session token, with the very error of a wrong signature.
   * AWS names the two differently, and clients may rely on that, so the default is AWS's.
   */
  readonly concealUnknownKeys?: boolean;
  /**
   * Called with each valid signature and the time (milliseconds since the epoch) after which it is refused
   * anyway; false refuses the request. Without it, a request may be sent again while it is current, as at AWS.
   */
  readonly replayGuard?: (signature: string, expiresAt: number) => boolean | Promise<boolean>;
}

/** A request whose sender is established. */
export interface VerifiedRequest<P> {
  readonly principal: P;
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** where the signature was */
  readonly form: "header" | "query";
  /** milliseconds since the epoch */
  readonly signedAt: number;
  /** lower-case names; no other header is authentic */
  readonly signedHeaders: readonly string[];
}

/** @throws {SignatureError} if the sender cannot be established */
export type Verifier<P> = (request: SignedRequest) => Promise<VerifiedRequest<P>>;
