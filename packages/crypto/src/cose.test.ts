import { generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { CoseError, parseSign1, verifySign1 } from "./cose.ts";
import { eccNistP384 } from "./ecdsa.ts";

/** `[<< {1: -35} >>, {}, 'hello', signature]`, signed by OpenSSL. */
function signed() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const header = Buffer.from("44a1013822", "hex");
  const payload = Buffer.from("4568656c6c6f", "hex");
  const context = Buffer.concat([Buffer.of(0x84, 0x6a), Buffer.from("Signature1")]);
  const structure = Buffer.concat([context, header, Buffer.of(0x40), payload]);
  const signature = sign("sha384", structure, { key: privateKey, dsaEncoding: "ieee-p1363" });
  const head = Buffer.of(0x58, 96);
  const message = Buffer.concat([Buffer.of(0x84), header, Buffer.of(0xa0), payload, head, signature]);
  return { message, spki: new Uint8Array(publicKey.export({ type: "spki", format: "der" })) };
}

test("a message that OpenSSL signed verifies, with COSE's tag and without", async () => {
  const { message, spki } = signed();
  const key = await eccNistP384.importPublicKey(spki);
  for (const bytes of [message, Buffer.concat([Buffer.of(0xd2), message])]) {
    const parsed = parseSign1(bytes);
    expect(new TextDecoder().decode(parsed.payload)).toBe("hello");
    expect(await verifySign1(parsed, key)).toBe(true);
  }
});

test("another payload, another signature or another key does not", async () => {
  const { message, spki } = signed();
  const key = await eccNistP384.importPublicKey(spki);
  for (const index of [8, message.length - 1, message.length - 96]) {
    const altered = Buffer.from(message);
    altered[index] = (altered[index] ?? 0) ^ 1;
    expect(await verifySign1(parseSign1(altered), key)).toBe(false);
  }
  const other = await eccNistP384.importPublicKey(signed().spki);
  expect(await verifySign1(parseSign1(message), other)).toBe(false);
});

test("a signature of zeros is not valid, and no error", async () => {
  const { message, spki } = signed();
  const zeros = Buffer.concat([message.subarray(0, -96), Buffer.alloc(96)]);
  expect(await verifySign1(parseSign1(zeros), await eccNistP384.importPublicKey(spki))).toBe(false);
});

test("ES256 is refused", () => {
  const { message } = signed();
  const altered = Buffer.from(message.toString("hex").replace("44a1013822", "44a1013826"), "hex");
  expect(() => parseSign1(altered)).toThrow(CoseError);
});
