/**
 * Keys of ML-DSA (RFC 9881) and ML-KEM (RFC 9935). Both write private keys alike: a CHOICE of the seed, the expanded key,
 * or both. Ours are the seed, which everything else follows from. Keys that are expanded only are refused: FIPS 203 and
 * 204 give no way back to their seed.
 */

import { DerError, DerReader, DerTag, der } from "../asn1/der.ts";
import {
  encodeAlgorithm,
  encodePrivateKeyInfo,
  encodePublicKeyInfo,
  type KeyInfo,
  parsePrivateKeyInfo,
  parsePublicKeyInfo,
  sameElement,
} from "../asn1/key-info.ts";
import { equalConstantTime } from "../constant-time.ts";
import type { KeyPairSpec } from "../key-pair.ts";
import { parsing } from "../key-pair-error.ts";

/** One parameter set, and how its keys follow from a seed. */
export interface ParameterSet {
  readonly keySpec: KeyPairSpec;
  /** contents of the OBJECT IDENTIFIER */
  readonly objectIdentifier: Uint8Array;
  /** 32 bytes for ML-DSA (ξ), 64 for ML-KEM (d ‖ z) */
  readonly seedLength: number;
  readonly publicKeyLength: number;
  keygen(seed: Uint8Array): ExpandedKeyPair;
}

/** Keys as FIPS 203 and FIPS 204 encode them. */
export interface ExpandedKeyPair {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** @throws {KeyPairError} `InvalidPrivateKey`, also if an expanded or a public key stands beside and does not follow from the seed */
export function parseSeedPrivateKey(set: ParameterSet, pkcs8: Uint8Array): ExpandedKeyPair {
  return parsing("InvalidPrivateKey", `${set.keySpec} private key`, () => {
    const info = parsePrivateKeyInfo(pkcs8);
    expectParameterSet(set, info);
    const { seed, expanded } = readSeed(info.key);
    if (seed.length !== set.seedLength) {
      throw new DerError(`expected a seed of ${set.seedLength} bytes, got ${seed.length}`);
    }
    // Key generation may keep or wipe its seed, which is a view of the caller's bytes.
    const ownSeed = seed.slice();
    const pair = set.keygen(ownSeed);
    ownSeed.fill(0);
    const agrees = expanded === undefined || equalConstantTime(expanded, pair.secretKey);
    if (!agrees) throw new DerError("its expanded key does not follow from its seed");
    if (info.publicKey !== undefined && !sameElement(info.publicKey, pair.publicKey)) {
      throw new DerError("its public key does not belong to it");
    }
    return pair;
  });
}

/** @throws {KeyPairError} `InvalidPublicKey`, for its algorithm or length; the key itself is the family's to check */
export function parseRawPublicKey(set: ParameterSet, spki: Uint8Array): Uint8Array {
  return parsing("InvalidPublicKey", `${set.keySpec} public key`, () => {
    const info = parsePublicKeyInfo(spki);
    expectParameterSet(set, info);
    if (info.key.length !== set.publicKeyLength) {
      throw new DerError(`expected ${set.publicKeyLength} bytes, got ${info.key.length}`);
    }
    return info.key.slice();
  });
}

export function encodeSeedPrivateKey(set: ParameterSet, seed: Uint8Array): Uint8Array {
  const choice = der(DerTag.primitive0, seed);
  const pkcs8 = encodePrivateKeyInfo(encodeAlgorithm(set.objectIdentifier), choice);
  choice.fill(0);
  return pkcs8;
}

export function encodeRawPublicKey(set: ParameterSet, publicKey: Uint8Array): Uint8Array {
  return encodePublicKeyInfo(encodeAlgorithm(set.objectIdentifier), publicKey);
}

function readSeed(choice: Uint8Array): { seed: Uint8Array; expanded?: Uint8Array } {
  const reader = new DerReader(choice);
  if (reader.nextTag === DerTag.octetString) throw new DerError("expected a seed, got an expanded key alone");
  if (reader.nextTag === DerTag.primitive0) {
    const seed = reader.read(DerTag.primitive0);
    reader.expectEnd();
    return { seed };
  }
  const both = reader.readSequence();
  reader.expectEnd();
  const seed = both.read(DerTag.octetString);
  const expanded = both.read(DerTag.octetString);
  both.expectEnd();
  return { seed, expanded };
}

function expectParameterSet(set: ParameterSet, info: KeyInfo): void {
  if (!sameElement(info.algorithm, set.objectIdentifier)) {
    throw new DerError("expected this parameter set, got another algorithm");
  }
  if (info.parameters !== undefined) throw new DerError("expected no parameters, got some");
}
