/**
 * A root key from a passkey: the authenticator's pseudo-random function, which answers only when the user is there and agrees.
 *
 * Web Authentication Level 3, §10.1.4 (the extension `prf`).
 */
import { platformRandom, type RootKey, secretRootKey } from "@kmslite/hierarchy";

const SALT_LENGTH = 32;
/** ES256, EdDSA, RS256: COSE algorithm identifiers. */
const ALGORITHMS = [-7, -8, -257];

/** What must be kept to ask the passkey again. None of it is secret. */
export interface PasskeyReference {
  readonly credentialId: Uint8Array;
  /** 32 bytes that the function is asked about. */
  readonly salt: Uint8Array;
}

export interface NewPasskeyOptions {
  /** The site's name, as the browser shows it. */
  readonly site: string;
  /** The user's name, as the browser shows it. */
  readonly user: string;
  /** The site's domain; the page's own unless given. */
  readonly rpId?: string;
}

/**
 * Makes a passkey for {@link passkeyRootKey}. The browser asks the user.
 *
 * @throws {DOMException} `NotAllowedError` if the user refuses
 * @throws {TypeError} if the authenticator has no pseudo-random function
 */
export async function newPasskey({ site, user, rpId }: NewPasskeyOptions): Promise<PasskeyReference> {
  const salt = platformRandom(SALT_LENGTH);
  const credential = (await navigator.credentials.create({
    publicKey: {
      challenge: platformRandom(32) as Source,
      rp: rpId === undefined ? { name: site } : { name: site, id: rpId },
      user: { id: platformRandom(16) as Source, name: user, displayName: user },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      extensions: { prf: { eval: { first: salt as Source } } },
    },
  })) as PublicKeyCredential | null;
  if (credential?.getClientExtensionResults().prf?.enabled !== true)
    throw new TypeError("Passkey: this authenticator has no pseudo-random function (extension prf)");
  return { credentialId: new Uint8Array(credential.rawId), salt };
}

/**
 * The root key of a passkey, the same each time. The browser asks the user.
 *
 * @throws {DOMException} `NotAllowedError` if the user refuses, or the passkey is not there
 * @throws {TypeError} if the authenticator has no pseudo-random function
 */
export async function passkeyRootKey({ credentialId, salt }: PasskeyReference): Promise<RootKey> {
  const credential = (await navigator.credentials.get({
    publicKey: {
      challenge: platformRandom(32) as Source,
      allowCredentials: [{ type: "public-key", id: credentialId as Source }],
      userVerification: "required",
      extensions: { prf: { eval: { first: salt as Source } } },
    },
  })) as PublicKeyCredential | null;
  const result = credential?.getClientExtensionResults().prf?.results?.first;
  if (result === undefined)
    throw new TypeError("Passkey: this authenticator has no pseudo-random function (extension prf)");
  // 32 bytes of HMAC-SHA-256 over a salt that nobody else asks about.
  const secret = bytesOf(result);
  try {
    return secretRootKey(secret);
  } finally {
    secret.fill(0);
  }
}

type Source = Uint8Array<ArrayBuffer>;

function bytesOf(source: BufferSource): Uint8Array {
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength);
}
