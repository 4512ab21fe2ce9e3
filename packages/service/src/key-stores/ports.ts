/**
 * What custom key stores need of the world outside, as small interfaces: HSM clusters, and HTTPS to external key store proxies.
 * Adapters implement them (`kmslite/node` has PKCS#11); the service knows no driver and no socket.
 */
import type { KeyStoreCiphertext } from "@kmslite/hierarchy/key-stores";

/**
 * Why an HSM cluster refused.
 *
 * - `NotActive`: the cluster is not initialized
 * - `InvalidConfiguration`: it lacks what a key store needs, such as AES-GCM
 * - `NoActiveHsm`: none of its HSMs answers
 * - `InvalidCredentials`, `UserLockedOut`, `UserNotFound`, `UserLoggedIn`: the crypto user can't log in
 * - `KeyNotFound`: it holds no such key
 * - `InvalidCiphertext`: a ciphertext that its key did not make, or not with this AAD
 * - `Unavailable`: it can't be reached, or failed
 */
export type HsmErrorCode =
  | "NotActive"
  | "InvalidConfiguration"
  | "NoActiveHsm"
  | "InvalidCredentials"
  | "UserLockedOut"
  | "UserNotFound"
  | "UserLoggedIn"
  | "KeyNotFound"
  | "InvalidCiphertext"
  | "Unavailable";

/** The error that an {@link HsmCluster} throws. Never carries secrets. */
export class HsmError extends Error {
  override readonly name = "HsmError";
  readonly code: HsmErrorCode;

  constructor(code: HsmErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An HSM cluster, as AWS CloudHSM has them: a PKCS#11 token, for example. */
export interface HsmCluster {
  /** PEM, 1 to 5,000 characters: the certificate that the cluster was initialized with. Clusters with the same one are related. */
  readonly trustAnchorCertificate: string;
  /** @throws {HsmError} `NotActive` or `InvalidConfiguration` if no key store can be made of it */
  check(): Promise<void>;
  /**
   * Logs in as the crypto user.
   *
   * @param password 7 to 32 characters
   * @throws {HsmError}
   */
  connect(password: string): Promise<HsmSession>;
}

/** A crypto user's login to a cluster. Keys are AES-256, made there, and never leave it; labels name them. */
export interface HsmSession {
  generateKey(label: string): Promise<void>;
  /** AES-256-GCM. */
  encrypt(label: string, plaintext: Uint8Array, aad: Uint8Array): Promise<KeyStoreCiphertext>;
  /** @throws {HsmError} `KeyNotFound`, `InvalidCiphertext` */
  decrypt(label: string, sealed: KeyStoreCiphertext, aad: Uint8Array): Promise<Uint8Array>;
  /** Does nothing if there is no such key. */
  destroyKey(label: string): Promise<void>;
  /** @param length 1 to 1,024 bytes */
  random(length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What is known of a VPC endpoint service. */
export type VpcEndpointServiceStatus = "Valid" | "NotFound" | "InvalidConfiguration";

/** The adapters. What is not given is not there: no cluster, no VPC. */
export interface KeyStorePorts {
  /** Finds an HSM cluster by its id, `cluster-` and 11 to 16 characters. */
  readonly hsmCluster?: (clusterId: string) => HsmCluster | undefined;
  /** Sends a request to an external key store proxy; the platform's `fetch` unless given. */
  readonly xksFetch?: (request: Request) => Promise<Response>;
  /** How long a proxy may take, in milliseconds; AWS's 250 unless given. */
  readonly xksTimeoutMs?: number;
  /** Looks a VPC endpoint service up; none is found unless given. */
  readonly vpcEndpointService?: (name: string, owner: string) => Promise<VpcEndpointServiceStatus>;
}
