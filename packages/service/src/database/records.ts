/** What records hold: JSON, with times in milliseconds since 1970 and bytes as hex. */
import type { AuthenticRecord } from "@kmslite/store/authenticated";
import { KmsError } from "../errors.ts";
import type { GrantOperation } from "../grants/grant-operations.ts";
import type { KeySpec, KeyUsageType, OriginType } from "../shapes/key-types.ts";

/** States of AWS KMS keys; which of them a key can reach depends on its origin and spec. */
export type KeyState =
  | "Creating"
  | "Enabled"
  | "Disabled"
  | "PendingDeletion"
  | "PendingImport"
  | "PendingReplicaDeletion"
  | "Unavailable"
  | "Updating";

/** A KMS key. */
export interface KeyRecord {
  readonly accountId: string;
  readonly region: string;
  readonly keyId: string;
  readonly keySpec: KeySpec;
  readonly keyUsage: KeyUsageType;
  readonly origin: OriginType;
  readonly state: KeyState;
  readonly description: string;
  readonly createdAt: number;
  readonly multiRegion: boolean;
  readonly tags: readonly TagRecord[];
  /** As given; the default key policy when absent. */
  readonly policy?: string;
  /** Names the newest backing key; empty while the key has no material. */
  readonly keyMaterialId: string;
  /** How many versions of its material there are. */
  readonly materialCount: number;
  readonly onDemandRotations: number;
  /** Automatic rotation; absent while it is off. */
  readonly rotation?: RotationSchedule;
  /** Who looks after the key, if it is not the customer. */
  readonly manager?: "AWS";
  /** The custom key store that it is in. */
  readonly customKeyStoreId?: string;
  /** The cluster of a CloudHSM key store, which is told from the key store whenever the key is read. */
  readonly cloudHsmClusterId?: string;
  /** The external key of a key in an external key store. */
  readonly xksKeyId?: string;
  /** What the state is when the key store is connected; only in the state Unavailable. */
  readonly stateWhenAvailable?: KeyState;
  /** When the key will be deleted; absent unless its deletion is scheduled. */
  readonly deletionAt?: number;
  /** Days that a primary key waits for its deletion once its last replica is gone; there while it is pending that. */
  readonly pendingWindowInDays?: number;
  /** Imported material, in the order in which it came; only of keys of the origin EXTERNAL. */
  readonly imported?: readonly ImportedMaterial[];
  /** What follows from that: when the first of what the key needs expires. Absent while no material is here. */
  readonly expiration?: { readonly validTo?: number };
  /** The related keys in other Regions; absent from a key that never had any. */
  readonly related?: RelatedKeys;
}

/** Material that was imported into a key, and may have to be again. */
export interface ImportedMaterial {
  readonly keyMaterialId: string;
  /** Whether it is here: not after it was deleted or expired, nor in a new replica. */
  readonly present: boolean;
  readonly description?: string;
  /** When it expires; absent if it does not, or is not here. */
  readonly validTo?: number;
  /** When a rotation made it current; absent from the first, and while it waits for that. */
  readonly rotatedAt?: number;
}

/** A multi-Region key's family, by Region: the same in the record of each member. */
export interface RelatedKeys {
  readonly primary: string;
  /** In order. */
  readonly replicas: readonly string[];
  /** Where the material of all of them stands: the Region of the first primary key. */
  readonly material: string;
}

export interface TagRecord {
  readonly key: string;
  readonly value: string;
}

export interface RotationSchedule {
  readonly periodInDays: number;
  readonly nextAt: number;
  /** Whether a record of due work stands for `nextAt`: not while the key is disabled and the time has passed. */
  readonly scheduled: boolean;
}

/** An alias, the same in both of its places. */
export interface AliasRecord {
  readonly name: string;
  readonly keyId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One version of a key's material. */
export interface MaterialRecord {
  readonly keyMaterialId: string;
  readonly createdAt: number;
  /** How it came to be current; absent for the first. */
  readonly rotationType?: "AUTOMATIC" | "ON_DEMAND";
}

/** A key token with what it is bound to besides its place. */
export interface BackingKeyRecord {
  readonly accountId: string;
  readonly keySpec: string;
  readonly keyUsage: string;
  readonly origin: string;
  /** Hex; wraps 32 bytes of a symmetric key, 28 to 64 of an HMAC key, DER of PKCS#8 of a key pair. */
  readonly token: string;
  /** Of a key pair: hex of the DER of SubjectPublicKeyInfo. */
  readonly publicKey?: string;
}

/** A grant, the same in each of its places. It never changes. */
export interface GrantRecord {
  /** 64 hex digits. */
  readonly grantId: string;
  readonly accountId: string;
  readonly region: string;
  readonly keyId: string;
  readonly createdAt: number;
  /** ARN of the account that made it. */
  readonly issuingAccount: string;
  readonly name?: string;
  /** ARN; or the name of a service, if a service made the grant for itself. */
  readonly granteePrincipal?: string;
  readonly granteeServicePrincipal?: string;
  readonly retiringPrincipal?: string;
  readonly retiringServicePrincipal?: string;
  readonly operations: readonly GrantOperation[];
  readonly constraints?: GrantConstraintsRecord;
  /** Of the request, if it was named: where it stands in the index of names. */
  readonly nameDigest?: string;
}

/** At most one of the two encryption contexts. */
export interface GrantConstraintsRecord {
  readonly encryptionContextEquals?: Readonly<Record<string, string>>;
  readonly encryptionContextSubset?: Readonly<Record<string, string>>;
  readonly sourceArn?: string;
}

/** How many grants a key has. */
export interface GrantCountRecord {
  readonly count: number;
}

/** A record together with what it holds. */
export interface Row<Value> {
  readonly record: AuthenticRecord;
  readonly value: Value;
}

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/** Reads the payload of a record that verified, so it has the form that this service wrote. */
export function decode<Value>(record: AuthenticRecord): Row<Value> {
  return { record, value: JSON.parse(decoder.decode(record.payload)) as Value };
}

/** The payload for a value. */
export function encode(value: object): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** What a store holds under one key is 128 KiB; the record's tag and link need a little of it. */
const MAXIMUM_PAYLOAD = 130_000;

/**
 * The payload for a KMS key.
 *
 * @throws {KmsError} LimitExceededException if its policy, description and tags are too large together
 */
export function encodeKey(key: KeyRecord): Uint8Array {
  const payload = encode(key);
  if (payload.length <= MAXIMUM_PAYLOAD) return payload;
  throw new KmsError(
    "LimitExceededException",
    `The policy, description and tags of ${key.keyId} are too large together`,
  );
}
