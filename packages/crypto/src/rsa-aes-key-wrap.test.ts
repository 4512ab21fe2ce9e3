import { expect, test } from "vitest";
import { wrapKeyPadded } from "./key-wrap.ts";
import { rsa2048 } from "./rsa.ts";
import { unwrapRsaAesKey } from "./rsa-aes-key-wrap.ts";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const pair = await rsa2048.generate(random);
const secret = await rsa2048.importPrivateKey(pair.privateKey);
const shared = await rsa2048.importPublicKey(pair.publicKey);

async function wrap(aesKey: Uint8Array, key: Uint8Array): Promise<Uint8Array> {
  const encrypted = await shared.encrypt("RSAES_OAEP_SHA_256", aesKey, random);
  return Uint8Array.of(...encrypted, ...wrapKeyPadded(aesKey, key));
}

test.each([1, 32, 2400])("a key of %i bytes is unwrapped", async (length) => {
  const key = random(length);
  const wrapped = await wrap(random(32), key);
  expect(await unwrapRsaAesKey(secret, 256, "RSAES_OAEP_SHA_256", wrapped)).toEqual(key);
});

test("a change of either part, another hash, or an AES key that is none, is refused by one error", async () => {
  const wrapped = await wrap(random(32), random(48));
  const changed = [0, 255, 256, wrapped.length - 1].map((at) =>
    wrapped.map((byte, index) => byte ^ Number(at === index)),
  );
  const noAesKey = Uint8Array.of(
    ...(await shared.encrypt("RSAES_OAEP_SHA_256", random(31), random)),
    ...wrapped.subarray(256),
  );
  for (const wrong of [
    ...changed,
    noAesKey,
    wrapped.subarray(0, 256),
    wrapped.subarray(0, 100),
    new Uint8Array(),
  ]) {
    await expect(unwrapRsaAesKey(secret, 256, "RSAES_OAEP_SHA_256", wrong)).rejects.toMatchObject({
      code: "InvalidCiphertext",
    });
  }
  await expect(unwrapRsaAesKey(secret, 256, "RSAES_OAEP_SHA_1", wrapped)).rejects.toMatchObject({
    code: "InvalidCiphertext",
  });
});
