/**
 * Session tokens of temporary credentials. Everything about the session is in the token, sealed under a key of the store, so
 * AssumeRole writes nothing, and any process over the same store knows the session.
 */
import { HmacSha256Key } from "@kmslite/crypto";
import { SealedTokens } from "@kmslite/hierarchy/sealed-tokens";
import type { Database } from "../database/database.ts";

/** A session of a role. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly accountId: string;
  readonly roleName: string;
  /** Of the role as it was: a new role of the same name has another one. */
  readonly roleId: string;
  readonly sessionName: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Session policy: a JSON text. */
  readonly policy?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string;
}

const PURPOSE = "KMSLite session token, format 1";

/** Longer texts are no tokens of ours; HTTP servers take some 16 KiB of headers. */
const MAXIMUM_LENGTH = 12_288;

export class SessionTokens {
  readonly #tokens: SealedTokens;

  constructor(database: Database) {
    const derived = database.recordKey.mac(new TextEncoder().encode(PURPOSE));
    this.#tokens = new SealedTokens(database.cryptography, new HmacSha256Key(derived), PURPOSE);
    derived.fill(0);
  }

  seal(session: Session): string {
    const body = new TextEncoder().encode(JSON.stringify(session));
    try {
      return btoa(String.fromCharCode(...this.#tokens.seal(body)));
    } finally {
      body.fill(0);
    }
  }

  /** `undefined` if it is none of ours. */
  open(token: string): Session | undefined {
    const body = this.#tokens.open(bytesOf(token));
    if (body === undefined) return undefined;
    try {
      // Nobody else can make one, so it has the form that this service wrote.
      return JSON.parse(new TextDecoder().decode(body)) as Session;
    } finally {
      body.fill(0);
    }
  }

  close(): void {
    this.#tokens.destroy();
  }
}

/** The bytes of canonical base64; none if it is something else. */
function bytesOf(token: string): Uint8Array {
  if (token.length > MAXIMUM_LENGTH) return new Uint8Array(0);
  try {
    const binary = atob(token);
    if (btoa(binary) === token) return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    // No base64: refused like any other text that is no token.
  }
  return new Uint8Array(0);
}
