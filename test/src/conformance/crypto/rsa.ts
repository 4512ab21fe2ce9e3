/**
 * Conformance families of RSA. Signatures run twice: `RAW` is Web Crypto's, `DIGEST` ours. Keys that are none of the KMS are
 * tried too: they must be refused, and their tests are counted as skipped, with why.
 */
import { createHash } from "node:crypto";
import {
  type KeyPairSpec,
  loadKeyPairAlgorithm,
  type MessageType,
  type PublicKeyEncryptionAlgorithm,
  type SigningAlgorithm,
} from "@kmslite/crypto/key-pairs";
import { fromHex, sameBytes } from "../hex.ts";
import type { Family } from "../result.ts";
import { privateKey, publicKey, unlessRefused } from "./keys.ts";
import { type Outcome, runWycheproof } from "./wycheproof.ts";

interface Group {
  readonly keySize: number;
  readonly sha: string;
  readonly mgfSha?: string;
  readonly sLen?: number;
  readonly publicKeyDer?: string;
  readonly privateKeyPkcs8?: string;
}

interface Test {
  readonly msg: string;
  readonly sig: string;
}

interface OaepTest {
  readonly msg: string;
  readonly ct: string;
  readonly label: string;
}

const SIZES = [2048, 3072, 4096];
const HASHES = ["SHA-256", "SHA-384", "SHA-512"];
const WAYS: readonly (readonly [string, MessageType])[] = [
  ["web-crypto", "RAW"],
  ["crypto", "DIGEST"],
];

const VERIFY_PKCS1 = SIZES.flatMap((bits) => HASHES.map((hash) => `rsa_signature_${bits}_${compact(hash)}`));
const SIGN_PKCS1 = SIZES.map((bits) => `rsa_pkcs1_${bits}_sig_gen`);
const PSS = [
  "2048_sha256_mgf1_32",
  "2048_sha384_mgf1_48",
  "3072_sha256_mgf1_32",
  "4096_sha256_mgf1_32",
  "4096_sha384_mgf1_48",
  "4096_sha512_mgf1_64",
  "misc",
].map((name) => `rsa_pss_${name}`);
const OAEP = [
  "rsa_oaep_2048_sha1_mgf1sha1",
  ...SIZES.flatMap((bits) => [`rsa_oaep_${bits}_sha256_mgf1sha1`, `rsa_oaep_${bits}_sha256_mgf1sha256`]),
  "rsa_oaep_misc",
  "rsa_three_primes_oaep_2048_sha1_mgf1sha1",
];

export const wycheproofRsaPss: Family = {
  id: "wycheproof-rsa-pss",
  run: (vectors) => eachWay("wycheproof-rsa-pss", vectors, PSS, verifying("RSASSA_PSS")),
};

export const wycheproofRsaPkcs1: Family = {
  id: "wycheproof-rsa-pkcs1",
  run: (vectors) => eachWay("wycheproof-rsa-pkcs1", vectors, VERIFY_PKCS1, verifying("RSASSA_PKCS1_V1_5")),
};

export const wycheproofRsaSign: Family = {
  id: "wycheproof-rsa-sign",
  run: (vectors) => eachWay("wycheproof-rsa-sign", vectors, SIGN_PKCS1, sign),
};

export const wycheproofRsaOaep: Family = {
  id: "wycheproof-rsa-oaep",
  run: async (vectors) => [await runWycheproof("wycheproof-rsa-oaep", "web-crypto", vectors, OAEP, decrypt)],
};

type Attempt = (messageType: MessageType, group: Group, test: Test) => Promise<Outcome>;

async function eachWay(id: string, vectors: string, files: readonly string[], attempt: Attempt) {
  const results = [];
  for (const [engine, messageType] of WAYS) {
    results.push(
      await runWycheproof<Group, Test>(id, engine, vectors, files, (group, test) =>
        attempt(messageType, group, test),
      ),
    );
  }
  return results;
}

function verifying(scheme: "RSASSA_PSS" | "RSASSA_PKCS1_V1_5"): Attempt {
  return async (messageType, group, test) => {
    const other = otherParameters(group, group.mgfSha ?? group.sha, HASHES);
    if (other !== undefined) return { skipped: other };
    const key = await publicKey(await loadKeyPairAlgorithm(specOf(group)), fromHex(group.publicKeyDer ?? ""));
    if (key === undefined) return { skipped: "public exponent 3: the KMS's keys have 65,537" };
    const name = `${scheme}_${group.sha.replace("-", "_")}` as SigningAlgorithm;
    return await key.verify(name, messageFor(messageType, group, test), messageType, fromHex(test.sig));
  };
}

async function sign(messageType: MessageType, group: Group, test: Test): Promise<Outcome> {
  if (!HASHES.includes(group.sha)) return { skipped: `${group.sha}: no hash of the KMS's RSA signatures` };
  const key = await privateKey(
    await loadKeyPairAlgorithm(specOf(group)),
    fromHex(group.privateKeyPkcs8 ?? ""),
  );
  if (key === undefined) return { skipped: "public exponent 3: the KMS's keys have 65,537" };
  const name = `RSASSA_PKCS1_V1_5_${group.sha.replace("-", "_")}` as SigningAlgorithm;
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const signature = await key.sign(name, messageFor(messageType, group, test), messageType, random);
  return sameBytes(signature, fromHex(test.sig));
}

async function decrypt(group: Group, test: OaepTest): Promise<Outcome> {
  const other = otherParameters(group, group.mgfSha ?? group.sha, ["SHA-1", "SHA-256"]);
  if (other !== undefined) return { skipped: other };
  if (test.label !== "") return { skipped: "a label: the KMS has none" };
  const key = await privateKey(
    await loadKeyPairAlgorithm(specOf(group)),
    fromHex(group.privateKeyPkcs8 ?? ""),
  );
  if (key === undefined) return { skipped: "three primes, or public exponent 3: no keys of the KMS" };
  const name = `RSAES_OAEP_${group.sha.replace("-", "_")}` as PublicKeyEncryptionAlgorithm;
  const plaintext = await unlessRefused("InvalidCiphertext", key.decrypt(name, fromHex(test.ct)));
  if (plaintext === undefined) return false;
  if (!sameBytes(plaintext, fromHex(test.msg))) throw new Error("another plaintext");
  return true;
}

function otherParameters(group: Group, mgfSha: string, hashes: readonly string[]): string | undefined {
  if (!SIZES.includes(group.keySize)) return "keys of lengths that the KMS has not";
  if (!hashes.includes(group.sha)) return "hashes that the KMS has not";
  if (mgfSha !== group.sha) return "MGF1 with another hash than the message's: the KMS has none";
  const hashLength = Number(group.sha.slice(4)) / 8;
  if (group.sLen !== undefined && group.sLen !== hashLength) return "salts that are not as long as the hash";
  return undefined;
}

function specOf(group: Group): KeyPairSpec {
  return `RSA_${group.keySize}` as KeyPairSpec;
}

function messageFor(messageType: MessageType, group: Group, test: Test): Uint8Array {
  const message = fromHex(test.msg);
  return messageType === "RAW"
    ? message
    : new Uint8Array(createHash(compact(group.sha)).update(message).digest());
}

function compact(hash: string): string {
  return hash.toLowerCase().replace("-", "");
}
