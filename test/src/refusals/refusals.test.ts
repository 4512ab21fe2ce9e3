/** What must be refused is refused with AWS's error, over the wire, and leaves every record as it was. */
import { beforeAll, describe, expect, test } from "vitest";
import { ACCOUNT, REGION, type Subject, subject } from "./subject.ts";

const CONTEXT = { tenant: "a", purpose: "test" };
const UNKNOWN_KEY = "00000000-0000-4000-8000-000000000000";

let kms: Subject;
let keyId: string;
let otherKeyId: string;
let blob: Uint8Array;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const decryptRefusal = (ciphertext: Uint8Array, more: object = {}) =>
  kms.refusal("Decrypt", { CiphertextBlob: base64(ciphertext), EncryptionContext: CONTEXT, ...more });

beforeAll(async () => {
  kms = await subject();
  const create = async () => (await kms.kms.createKey({})).KeyMetadata?.KeyId ?? "";
  keyId = await create();
  otherKeyId = await create();
  await kms.kms.createAlias({ AliasName: "alias/app", TargetKeyId: keyId });
  const sealed = await kms.kms.encrypt({
    KeyId: keyId,
    Plaintext: new TextEncoder().encode("attack at dawn"),
    EncryptionContext: CONTEXT,
  });
  blob = sealed.CiphertextBlob ?? new Uint8Array(0);
});

test("the subject answers what is right, so that a refusal is due to what is wrong", async () => {
  const body = JSON.stringify({
    CiphertextBlob: base64(blob),
    EncryptionContext: CONTEXT,
    KeyId: "alias/app",
  });
  const response = await kms.send("Decrypt", body);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ Plaintext: btoa("attack at dawn") });
});

describe("a ciphertext", () => {
  test.each([
    ["none", undefined],
    ["an empty one", {}],
    ["another value", { ...CONTEXT, tenant: "b" }],
    ["a pair less", { tenant: "a" }],
    ["a pair more", { ...CONTEXT, more: "x" }],
    ["keys and values exchanged", { a: "tenant", test: "purpose" }],
    ["another case", { Tenant: "a", purpose: "test" }],
  ])("with a wrong encryption context (%s) is refused", async (_, EncryptionContext) => {
    const refused = await decryptRefusal(blob, { EncryptionContext });
    expect(refused).toEqual({ status: 400, name: "InvalidCiphertextException" });
  });

  test("with one flipped bit, at each of its positions, is refused", async () => {
    const names = new Map<string, number[]>();
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const flipped = blob.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { status, name } = await decryptRefusal(flipped);
      expect(status).toBe(400);
      names.set(name, [...(names.get(name) ?? []), bit]);
    }
    // The multi-Region flag (bit 0 of byte 3) and the key id (bytes 4 to 19) name a key that does not exist then, and AWS says
    // so with this error.
    const ofKeyId = [3 * 8, ...Array.from({ length: 16 * 8 }, (_, index) => 4 * 8 + index)];
    expect(names.get("AccessDeniedException")).toEqual(ofKeyId);
    expect(names.get("InvalidCiphertextException")).toHaveLength(blob.length * 8 - ofKeyId.length);
    expect(names.size).toBe(2);
  });

  test("cut off at any length is refused", async () => {
    for (let length = 1; length < blob.length; length++) {
      const refused = await decryptRefusal(blob.subarray(0, length));
      expect([length, refused]).toEqual([length, { status: 400, name: "InvalidCiphertextException" }]);
    }
    expect(await decryptRefusal(new Uint8Array(0))).toEqual({ status: 400, name: "ValidationException" });
  });

  test("extended by any byte, or by itself, is refused", async () => {
    const extended = [...Array(256).keys()].map((byte) => Uint8Array.of(...blob, byte));
    for (const longer of [...extended, Uint8Array.of(...blob, ...blob), Uint8Array.of(0, ...blob)]) {
      expect(await decryptRefusal(longer)).toEqual({ status: 400, name: "InvalidCiphertextException" });
    }
  });

  test("longer than the API's 6,144 bytes is refused", async () => {
    expect(await decryptRefusal(new Uint8Array(6145))).toEqual({ status: 400, name: "ValidationException" });
  });

  test("is refused under another key's id, ARN and alias", async () => {
    await kms.kms.createAlias({ AliasName: "alias/other", TargetKeyId: otherKeyId });
    const arn = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${otherKeyId}`;
    for (const KeyId of [otherKeyId, arn, "alias/other"]) {
      expect(await decryptRefusal(blob, { KeyId })).toEqual({ status: 400, name: "IncorrectKeyException" });
    }
  });
});

describe("a key", () => {
  const encryptRefusal = (KeyId: string) => kms.refusal("Encrypt", { KeyId, Plaintext: btoa("x") });

  test.each([
    ["an unknown alias", "alias/none", "NotFoundException"],
    ["an unknown key id", UNKNOWN_KEY, "NotFoundException"],
    ["an unknown alias ARN", `arn:aws:kms:${REGION}:${ACCOUNT}:alias/none`, "NotFoundException"],
    ["an unknown key ARN", `arn:aws:kms:${REGION}:${ACCOUNT}:key/${UNKNOWN_KEY}`, "NotFoundException"],
    ["what is no id at all", "not a key", "NotFoundException"],
    ["an ARN that ends early", `arn:aws:kms:${REGION}`, "InvalidArnException"],
    [
      "an ARN of another service",
      `arn:aws:s3:${REGION}:${ACCOUNT}:key/${UNKNOWN_KEY}`,
      "InvalidArnException",
    ],
    [
      "an ARN of another partition",
      `arn:aws-cn:kms:${REGION}:${ACCOUNT}:key/${UNKNOWN_KEY}`,
      "InvalidArnException",
    ],
    ["an ARN of another Region", `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${UNKNOWN_KEY}`, "NotFoundException"],
    [
      "an ARN of another account",
      `arn:aws:kms:${REGION}:444455556666:key/${UNKNOWN_KEY}`,
      "AccessDeniedException",
    ],
  ])("named by %s is refused", async (_, id, name) => {
    expect(await encryptRefusal(id)).toEqual({ status: 400, name });
  });

  test("named by its own id in another Region's or account's ARN is refused", async () => {
    expect((await encryptRefusal(`arn:aws:kms:eu-west-1:${ACCOUNT}:key/${keyId}`)).name).toBe(
      "NotFoundException",
    );
    expect((await encryptRefusal(`arn:aws:kms:${REGION}:444455556666:key/${keyId}`)).name).toBe(
      "AccessDeniedException",
    );
  });
});

describe("a request", () => {
  test("with a plaintext of 4,097 bytes is refused", async () => {
    const encrypt = (length: number) => ({ KeyId: keyId, Plaintext: base64(new Uint8Array(length)) });
    expect((await kms.send("Encrypt", JSON.stringify(encrypt(4096)))).status).toBe(200);
    expect(await kms.refusal("Encrypt", encrypt(4097))).toEqual({ status: 400, name: "ValidationException" });
  });

  test.each(["Nothing", "encrypt", "constructor", "__proto__", "toString", "", "Encrypt.Encrypt"])(
    "for the unknown operation %j is refused",
    async (name) => {
      expect(await kms.refusal(name, {})).toEqual({ status: 400, name: "UnknownOperationException" });
    },
  );

  test.each(["{", "", "null null", "{'KeyId':1}", '{"KeyId":"a",}', "[]", '"text"', "\u0000", '{"a":1}}'])(
    "with the malformed body %j is refused",
    async (body) => {
      const { status, name } = await kms.refusal("CreateAlias", body);
      expect(status).toBe(400);
      // An empty body is an empty request, which lacks its required members.
      expect(name).toBe(body === "" ? "ValidationException" : "SerializationException");
    },
  );

  test("that nests a hundred thousand deep is refused", async () => {
    for (const open of ["[", '{"a":']) {
      const body = `{"EncryptionContext":${open.repeat(100_000)}`;
      expect((await kms.refusal("Decrypt", body)).name).toBe("SerializationException");
    }
  });

  test("with __proto__ as a context key is refused, and no object is changed by it", async () => {
    const body = `{"KeyId":"${keyId}","Plaintext":"AAAA","EncryptionContext":{"__proto__":"polluted"}}`;
    expect(await kms.refusal("Encrypt", body)).toEqual({ status: 400, name: "ValidationException" });
    const top = '{"__proto__":{"KeyId":"x"},"AliasName":"alias/x"}';
    expect(await kms.refusal("CreateAlias", top)).toEqual({ status: 400, name: "ValidationException" });
    expect(({} as Record<string, unknown>)["KeyId"]).toBeUndefined();
  });

  test("of more than 1 MiB is refused", async () => {
    const body = JSON.stringify({ Description: "x".repeat(1_048_576) });
    expect(await kms.refusal("CreateKey", body)).toEqual({
      status: 413,
      name: "RequestEntityTooLargeException",
    });
  });
});

describe("a signature", () => {
  const MINUTE = 60_000;
  const drop = (header: string) => ({ tamper: (headers: Headers) => headers.delete(header) });

  test.each([
    ["under a wrong secret", { secretAccessKey: "wrong" }, "InvalidSignatureException"],
    ["of six minutes ago", { skew: -6 * MINUTE }, "InvalidSignatureException"],
    ["of six minutes ahead", { skew: 6 * MINUTE }, "InvalidSignatureException"],
    ["over another body", { sentBody: '{"Description":"other"}' }, "InvalidSignatureException"],
    ["without the header Authorization", drop("authorization"), "MissingAuthenticationTokenException"],
    ["without the header X-Amz-Date", drop("x-amz-date"), "IncompleteSignatureException"],
    [
      "over another operation",
      { tamper: (headers: Headers) => headers.set("x-amz-target", "TrentService.ListAliases") },
      "InvalidSignatureException",
    ],
    [
      "of an access key that nobody has",
      {
        tamper: (headers: Headers) =>
          headers.set(
            "authorization",
            (headers.get("authorization") ?? "").replace("AKIDEXAMPLE", "AKIDUNKNOWN"),
          ),
      },
      "InvalidSignatureException",
    ],
    [
      "that leaves the operation's header unsigned",
      {
        tamper: (headers: Headers) =>
          headers.set("authorization", (headers.get("authorization") ?? "").replace(";x-amz-target", "")),
      },
      "InvalidSignatureException",
    ],
  ])("%s is refused", async (_, variation, name) => {
    expect(await kms.refusal("CreateKey", {}, variation)).toEqual({ status: 400, name });
  });

  test("of four minutes ago or ahead is accepted", async () => {
    for (const skew of [-4 * MINUTE, 4 * MINUTE]) {
      expect((await kms.send("ListKeys", "{}", { skew })).status).toBe(200);
    }
  });
});
