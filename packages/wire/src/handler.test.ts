import { ephemeralRootKey } from "@kmslite/hierarchy";
import { Service } from "@kmslite/service";
import { memoryStore } from "@kmslite/store";
import { beforeAll, describe, expect, test } from "vitest";
import { createHandler, type HandlerOptions } from "./index.ts";
import { createRequestHandler, type SdkRequest } from "./request-handler.ts";
import { SignatureError } from "./sigv4/error.ts";

const caller = {
  accountId: "000000000000",
  region: "us-east-1",
  principal: "arn:aws:iam::000000000000:root",
};
let service: Service;

beforeAll(async () => {
  service = await Service.open({ rootKey: ephemeralRootKey(), store: memoryStore() });
});

function handler(options: Partial<HandlerOptions> = {}): ReturnType<typeof createHandler> {
  return createHandler({ service, authenticate: async () => caller, ...options });
}

function post(target: string, body: BodyInit, headers: Record<string, string> = {}): Request {
  return new Request("http://127.0.0.1/", {
    method: "POST",
    headers: { "x-amz-target": target, "content-type": "application/x-amz-json-1.1", ...headers },
    body,
  });
}

async function errorOf(response: Response): Promise<[number, string]> {
  const body = (await response.json()) as { __type: string };
  return [response.status, body.__type];
}

describe("the handler", () => {
  test("answers AWS JSON 1.1, with blobs in base64 and times in seconds", async () => {
    const serve = handler();
    const created = await serve(post("TrentService.CreateKey", "{}"));
    expect(created.status).toBe(200);
    expect(created.headers.get("content-type")).toBe("application/x-amz-json-1.1");
    expect(created.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    const { KeyMetadata } = (await created.json()) as {
      KeyMetadata: { KeyId: string; CreationDate: number };
    };
    expect(Math.abs(KeyMetadata.CreationDate - Date.now() / 1000)).toBeLessThan(60);
    const encrypted = await serve(
      post("TrentService.Encrypt", JSON.stringify({ KeyId: KeyMetadata.KeyId, Plaintext: btoa("hello") })),
    );
    const { CiphertextBlob } = (await encrypted.json()) as { CiphertextBlob: string };
    const decrypted = await serve(post("TrentService.Decrypt", JSON.stringify({ CiphertextBlob })));
    expect(await decrypted.json()).toMatchObject({ Plaintext: btoa("hello") });
    const disabled = await serve(
      post("TrentService.DisableKey", JSON.stringify({ KeyId: KeyMetadata.KeyId })),
    );
    expect([disabled.status, await disabled.text()]).toEqual([200, ""]);
  });

  test.each([
    ["an unknown operation", "TrentService.Nothing", "{}", "UnknownOperationException"],
    ["an operation of Object's prototype", "TrentService.constructor", "{}", "UnknownOperationException"],
    ["another service's target", "DynamoDB_20120810.ListTables", "{}", "UnknownOperationException"],
    ["malformed JSON", "TrentService.ListKeys", "{", "SerializationException"],
    ["a body that is no object", "TrentService.ListKeys", "[]", "SerializationException"],
    ["deep nesting", "TrentService.ListKeys", `{"a":${"[".repeat(100_000)}`, "SerializationException"],
    ["a blob that is no base64", "TrentService.Decrypt", '{"CiphertextBlob":"*"}', "SerializationException"],
    ["base64 without padding", "TrentService.Decrypt", '{"CiphertextBlob":"YWI"}', "SerializationException"],
    ["base64 with stray bits", "TrentService.Decrypt", '{"CiphertextBlob":"YWJ="}', "SerializationException"],
    [
      "base64 with white space",
      "TrentService.Decrypt",
      '{"CiphertextBlob":"YW Jj"}',
      "SerializationException",
    ],
    ["a wrong type", "TrentService.ListKeys", '{"Limit":"1"}', "SerializationException"],
    ["a fraction", "TrentService.ListKeys", '{"Limit":1.5}', "SerializationException"],
    [
      "__proto__ as a context key",
      "TrentService.Decrypt",
      '{"CiphertextBlob":"YWJj","EncryptionContext":{"__proto__":"a"}}',
      "ValidationException",
    ],
  ])("refuses %s", async (_what, target, body, error) => {
    expect(await errorOf(await handler()(post(target, body)))).toEqual([400, error]);
  });

  test("refuses invalid UTF-8", async () => {
    const body = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d);
    expect(await errorOf(await handler()(post("TrentService.ListKeys", body)))).toEqual([
      400,
      "SerializationException",
    ]);
  });

  test("refuses a body over the limit, announced or not", async () => {
    const serve = handler({ maximumBodyBytes: 100 });
    const tooLarge = [413, "RequestEntityTooLargeException"];
    expect(await errorOf(await serve(post("TrentService.ListKeys", " ".repeat(101))))).toEqual(tooLarge);
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(64).fill(0x20)),
    });
    const init = { method: "POST", body: stream, duplex: "half" } as RequestInit;
    expect(await errorOf(await serve(new Request("http://127.0.0.1/", init)))).toEqual(tooLarge);
  });

  test("refuses other methods and content types", async () => {
    expect(await errorOf(await handler()(new Request("http://127.0.0.1/")))).toEqual([
      400,
      "UnknownOperationException",
    ]);
    const request = post("TrentService.ListKeys", "{}", { "content-type": "text/plain" });
    expect(await errorOf(await handler()(request))).toEqual([400, "UnknownOperationException"]);
  });

  test("asks who calls before it says what it serves", async () => {
    const authenticate = async () => {
      throw new SignatureError("InvalidSignatureException", "no");
    };
    const serve = handler({ authenticate });
    expect(await errorOf(await serve(post("TrentService.Nothing", "{")))).toEqual([
      400,
      "InvalidSignatureException",
    ]);
  });

  test("answers an internal error, and nothing of the inside, when something breaks", async () => {
    const authenticate = async () => {
      throw new Error("secret detail");
    };
    const response = await handler({ authenticate })(post("TrentService.ListKeys", "{}"));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret detail");
  });

  test("tells of each exchange what was asked and how it ended", async () => {
    const seen: object[] = [];
    const serve = handler({
      onExchange: ({ operation, status, error }) => seen.push({ operation, status, error }),
    });
    await serve(post("TrentService.ListKeys", "{}"));
    await serve(post("TrentService.ListKeys", '{"Limit":0}'));
    expect(seen).toEqual([
      { operation: "ListKeys", status: 200, error: undefined },
      { operation: "ListKeys", status: 400, error: "ValidationException" },
    ]);
  });
});

describe("the SDK's request handler", () => {
  test("serves bytes and texts alike", async () => {
    const inside = createRequestHandler(service, caller);
    const request = (body: SdkRequest["body"]): SdkRequest => ({
      headers: { "X-Amz-Target": "TrentService.GenerateRandom" },
      body,
    });
    const { response } = await inside.handle(request('{"NumberOfBytes":5}'));
    expect(response.statusCode).toBe(200);
    const bytes = new TextEncoder().encode('{"NumberOfBytes":0}');
    expect((await inside.handle(request(bytes))).response.statusCode).toBe(400);
  });

  test("an aborted request is not run", async () => {
    const inside = createRequestHandler(service, caller);
    await expect(inside.handle({ headers: {} }, { abortSignal: { aborted: true } })).rejects.toThrow(
      "aborted",
    );
  });
});
