import { afterEach, expect, test, vi } from "vitest";
import { eccNistP256, eccNistP384, eccNistP521 } from "./ecdsa.ts";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const CURVES = [
  [eccNistP256, "ECDSA_SHA_256"],
  [eccNistP384, "ECDSA_SHA_384"],
  [eccNistP521, "ECDSA_SHA_512"],
] as const;

afterEach(() => vi.restoreAllMocks());

async function pair(algorithm: typeof eccNistP256) {
  const { privateKey, publicKey } = await algorithm.generate(random);
  const secret = await algorithm.importPrivateKey(privateKey);
  return { secret, publicKey, shared: await algorithm.importPublicKey(publicKey) };
}

test.each(CURVES)(
  "$keySpec: a runtime without the curve signs, verifies and derives the same",
  async (algorithm, name) => {
    const native = await pair(algorithm);
    const message = random(100);
    const signature = await native.secret.sign(name, message, "RAW", random);
    const derived = await native.secret.deriveSharedSecret(native.publicKey);
    const pkcs8 = await algorithm.generate(random);

    const importKey = vi
      .spyOn(crypto.subtle, "importKey")
      .mockRejectedValue(new DOMException("", "NotSupportedError"));
    const shared = await algorithm.importPublicKey(native.publicKey);
    expect(await shared.verify(name, message, "RAW", signature)).toBe(true);
    const other = await algorithm.importPrivateKey(pkcs8.privateKey);
    const ours = await other.sign(name, message, "RAW", random);
    const secret = await other.deriveSharedSecret(native.publicKey);
    expect(importKey).toHaveBeenCalledTimes(3);
    vi.restoreAllMocks();

    expect(await (await algorithm.importPublicKey(pkcs8.publicKey)).verify(name, message, "RAW", ours)).toBe(
      true,
    );
    expect(await native.secret.deriveSharedSecret(pkcs8.publicKey)).toEqual(secret);
    expect(derived).toHaveLength(secret.length);
  },
);

test.each(CURVES)(
  "$keySpec: a message and its digest have signatures that stand for each other",
  async (algorithm, name) => {
    const { secret, shared } = await pair(algorithm);
    const message = random(100);
    const digest = new Uint8Array(await crypto.subtle.digest(name.replace("ECDSA_SHA_", "SHA-"), message));
    const ofMessage = await secret.sign(name, message, "RAW", random);
    const ofDigest = await secret.sign(name, digest, "DIGEST", random);
    expect(await shared.verify(name, digest, "DIGEST", ofMessage)).toBe(true);
    expect(await shared.verify(name, message, "RAW", ofDigest)).toBe(true);
  },
);

test("a key is imported into Web Crypto once, and not after it was destroyed", async () => {
  const { secret } = await pair(eccNistP256);
  const importKey = vi.spyOn(crypto.subtle, "importKey");
  for (let times = 0; times < 3; times++) await secret.sign("ECDSA_SHA_256", random(10), "RAW", random);
  expect(importKey).toHaveBeenCalledTimes(1);
  secret.destroy();
  await expect(secret.sign("ECDSA_SHA_256", random(10), "RAW", random)).rejects.toThrow();
  expect(importKey).toHaveBeenCalledTimes(1);
});
