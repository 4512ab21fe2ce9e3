/** What the command line of OpenSSL has not: Ed25519ph against libsodium, SM2 key agreement against what it encrypts, MACs against node:crypto. */
import { createHash, createHmac } from "node:crypto";
import { generateMac, HMAC_KEY_LENGTHS, type HmacKeySpec, MAC_ALGORITHMS } from "@kmslite/crypto/hmac";
import { loadKeyPairAlgorithm } from "@kmslite/crypto/key-pairs";
import sodium from "libsodium-wrappers";
import { expect, test } from "vitest";
import * as openssl from "./openssl.ts";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
await sodium.ready;

test("ED25519_PH_SHA_512 is libsodium's multi-part signature over the digest, each way", async () => {
  const algorithm = await loadKeyPairAlgorithm("ECC_NIST_EDWARDS25519");
  const { privateKey, publicKey } = await algorithm.generate(random);
  const secret = await algorithm.importPrivateKey(privateKey);
  const shared = await algorithm.importPublicKey(publicKey);
  const theirs = sodium.crypto_sign_seed_keypair(privateKey.subarray(-32));
  expect(theirs.publicKey).toEqual(publicKey.subarray(-32));
  const digest = random(64);
  const prehashed = () => {
    const state = sodium.crypto_sign_init();
    sodium.crypto_sign_update(state, digest);
    return state;
  };
  const ours = await secret.sign("ED25519_PH_SHA_512", digest, "DIGEST", random);
  expect(sodium.crypto_sign_final_verify(prehashed(), ours, theirs.publicKey)).toBe(true);
  const signature = sodium.crypto_sign_final_create(prehashed(), theirs.privateKey);
  expect(await shared.verify("ED25519_PH_SHA_512", digest, "DIGEST", signature)).toBe(true);
  expect(await shared.verify("ED25519_PH_SHA_512", random(64), "DIGEST", signature)).toBe(false);
});

/**
 * OpenSSL does no ECDH with SM2 keys, but encrypting to one is a key agreement with the point C1 of the ciphertext: its hash
 * C3 is SM3(x2 ‖ plaintext ‖ y2), x2 and y2 being the coordinates of the shared point.
 */
test.skipIf(!openssl.hasOpenssl)(
  "SM2 keys derive the secret that is inside of OpenSSL's ciphertexts",
  async () => {
    const algorithm = await loadKeyPairAlgorithm("SM2");
    const { privateKey, publicKey } = await algorithm.generate(random);
    const secret = await algorithm.importPrivateKey(privateKey);
    const plaintext = random(20);
    // A coordinate that begins with a zero byte is shorter; then another ciphertext is asked for.
    const shape = /^30..02(?:20|2100)(.{64})02(?:20|2100)(.{64})0420(.{64})0414.{40}$/;
    let fields: RegExpExecArray | null = null;
    while (fields === null) {
      fields = shape.exec(Buffer.from(openssl.encrypt(publicKey, [], plaintext)).toString("hex"));
    }
    const [, x1 = "", y1 = "", hash] = fields;
    const ephemeral = publicKey.slice();
    ephemeral.set(Buffer.from(x1 + y1, "hex"), publicKey.length - 64);
    const x2 = Buffer.from(await secret.deriveSharedSecret(ephemeral));
    const hashes = squareRoots(x2).map((y2) =>
      createHash("sm3").update(x2).update(plaintext).update(y2).digest("hex"),
    );
    expect(hashes).toContain(hash);
  },
);

/** Both y of y² = x³ + ax + b on sm2p256v1, whose p is 3 modulo 4. */
function squareRoots(x: Buffer): Buffer[] {
  const p = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
  const b = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
  const number = BigInt(`0x${x.toString("hex")}`);
  let root = 1n;
  for (const bit of ((p + 1n) / 4n).toString(2)) {
    root = (root * root) % p;
    if (bit === "1") root = (root * (number ** 3n - 3n * number + b)) % p;
  }
  return [root, p - root].map((y) => Buffer.from((((y % p) + p) % p).toString(16).padStart(64, "0"), "hex"));
}

test.each(Object.keys(HMAC_KEY_LENGTHS) as HmacKeySpec[])(
  "%s makes the tags that node:crypto makes",
  (keySpec) => {
    const key = random(HMAC_KEY_LENGTHS[keySpec]);
    const message = random(4096);
    const theirs = createHmac(keySpec.replace("HMAC_", "sha"), key).update(message).digest();
    expect(generateMac(MAC_ALGORITHMS[keySpec], key, message)).toEqual(new Uint8Array(theirs));
  },
);
