/** What clients send through Lambda is answered, and never costs the KMS that is open. */
import { expect, test } from "vitest";
import { createKms, ephemeralRootKey, memoryStore } from "../index.ts";
import type { LambdaEvent } from "./events.ts";
import { lambdaHandler } from "./handler.ts";

function event(method: string, parts: Partial<LambdaEvent> = {}): LambdaEvent {
  const headers = { host: "kms.example" };
  return { rawPath: "/", rawQueryString: "", headers, requestContext: { http: { method } }, ...parts };
}

test.each([
  ["a GET with a body", event("GET", { body: "{}" })],
  ["a TRACE", event("TRACE")],
  ["a host that is none", event("POST", { headers: { host: "a b" } })],
  ["a header that Fetch refuses", event("POST", { headers: { "x-name": "\u{1f511}" } })],
])("%s is refused, and the KMS stays open", async (_, sent) => {
  let opened = 0;
  const handler = lambdaHandler(async () => {
    opened++;
    const kms = await createKms({ store: memoryStore(), root: ephemeralRootKey() });
    return { kms, accessKeys: [] };
  });
  expect((await handler(sent)).statusCode).toBe(400);
  expect((await handler(event("POST"))).statusCode).toBeGreaterThanOrEqual(400);
  expect(opened).toBe(1);
});
