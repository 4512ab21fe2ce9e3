/** What a store shall hold: keys with given ids and material, their aliases and grants, in the names of the API. */
import type { CreateGrantRequest } from "../operations/create-grant.ts";
import type { KeySpec, KeyUsageType, OriginType } from "../shapes/key-types.ts";

export interface Seed {
  readonly keys: readonly SeedKey[];
  readonly aliases: readonly SeedAlias[];
}

export interface SeedKey {
  /** A UUID, or `mrk-` and 32 hex digits for a multi-Region key. */
  readonly keyId: string;
  /** SYMMETRIC_DEFAULT unless given. */
  readonly keySpec?: KeySpec;
  /** May be left out where the spec has one usage only. */
  readonly keyUsage?: KeyUsageType;
  /** AWS_KMS unless given. */
  readonly origin?: Extract<OriginType, "AWS_KMS" | "EXTERNAL">;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly policy?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** When the key is rotated next, and then every year; never by itself unless given. */
  readonly nextRotation?: Date;
  /**
   * The versions of its material, the newest last: 32 bytes for a symmetric key, the key of an HMAC key, DER of PKCS #8 for a
   * key pair. The caller's to wipe. A key of the origin EXTERNAL may have none, and then waits for it.
   */
  readonly material: readonly Uint8Array[];
  /** Their names tell them apart: one without a name is called by its place, `seed-0` and so on. */
  readonly grants?: readonly Omit<CreateGrantRequest, "KeyId">[];
}

export interface SeedAlias {
  readonly aliasName: string;
  readonly targetKeyId: string;
}

/** What was missing and was made; grants are not counted, since CreateGrant does not tell. */
export interface Seeded {
  readonly keys: number;
  readonly aliases: number;
}
