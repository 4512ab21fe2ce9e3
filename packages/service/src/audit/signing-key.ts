/**
 * The key that signs checkpoints: Ed25519, made when it is first asked for, and kept wrapped by the domain key among the backing
 * keys, so that it moves along when the domain key is rotated. No KMS key names it.
 */
import { bytesToHex, hexToBytes } from "@kmslite/crypto";
import { IntegrityError } from "@kmslite/store/authenticated";
import type { KeyIdentity } from "../backing-keys.ts";
import { decode, encode } from "../database/records.ts";
import { together } from "../mutations.ts";
import type { Runtime } from "../runtime.ts";
import type { Sign } from "./signed-note.ts";

const RECORD = "audit/signing-key";

/** Bytes that begin SubjectPublicKeyInfo of an Ed25519 key (RFC 8410 §4); the key's 32 follow. */
const SPKI_PREFIX_LENGTH = 12;

const IDENTITY: KeyIdentity = {
  accountId: "000000000000",
  region: "audit",
  keyId: "audit-signing-key",
  keySpec: "ECC_NIST_EDWARDS25519",
  keyUsage: "SIGN_VERIFY",
  origin: "AWS_KMS",
};

interface SigningKeyRecord {
  readonly materialId: string;
  /** Hex of 32 bytes. */
  readonly publicKey: string;
}

export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly sign: Sign;
}

/** The key of the log of this store. Its private half is in memory only while it signs. */
export async function signingKey(runtime: Runtime): Promise<SigningKey> {
  const { eccNistEdwards25519: ed25519 } = await import("@kmslite/crypto/ed25519");
  const { records, cryptography } = runtime.database;
  for (;;) {
    const found = await records.get(RECORD);
    if (found === undefined) {
      const pair = await ed25519.generate(cryptography.random);
      const materialId = bytesToHex(cryptography.random(32));
      const publicKey = bytesToHex(pair.publicKey.subarray(SPKI_PREFIX_LENGTH));
      try {
        const kept = runtime.backingKeys.keep(IDENTITY, materialId, pair.privateKey).mutation;
        const record: SigningKeyRecord = { materialId, publicKey };
        // Another process may make it at the same time: then theirs is the key.
        await runtime.commit(together(kept, { inserts: [{ key: RECORD, payload: encode(record) }] }));
      } finally {
        pair.privateKey.fill(0);
      }
      continue;
    }
    const { materialId, publicKey } = decode<SigningKeyRecord>(found).value;
    return {
      publicKey: hexToBytes(publicKey),
      sign: async (message) => {
        const signature = await runtime.backingKeys.opened(IDENTITY, materialId, async (pkcs8) => {
          const key = await ed25519.importPrivateKey(pkcs8);
          try {
            return await key.sign("ED25519_SHA_512", message, "RAW", runtime.database.cryptography.random);
          } finally {
            key.destroy();
          }
        });
        if (signature === undefined) throw new IntegrityError(RECORD, "names a key that is missing");
        return signature;
      },
    };
  }
}
