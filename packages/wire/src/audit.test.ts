/** Requests that can't be read leave events like all others, with the id of their answer. */
import { ephemeralRootKey } from "@kmslite/hierarchy";
import { type AuditEvent, Service } from "@kmslite/service";
import { memoryStore } from "@kmslite/store";
import { expect, test } from "vitest";
import { createHandler } from "./index.ts";

test("each answer of the protocol has one event, with its id", async () => {
  const events: AuditEvent[] = [];
  const service = await Service.open({
    rootKey: ephemeralRootKey(),
    store: memoryStore(),
    audit: (group) => void events.push(...group),
  });
  const principal = "arn:aws:iam::000000000000:root";
  const authenticate = async () => ({ accountId: "000000000000", region: "us-east-1", principal });
  const serve = createHandler({ service, authenticate });
  const headers = { "x-amz-target": "TrentService.ListKeys", "content-type": "application/x-amz-json-1.1" };
  const ids: (string | null)[] = [];
  for (const body of ["{}", "{", '{"Limit":0}', `{"a":${"[".repeat(1000)}`]) {
    const response = await serve(new Request("http://127.0.0.1/", { method: "POST", headers, body }));
    ids.push(response.headers.get("x-amzn-requestid"));
  }
  expect(events.map(({ requestID }) => requestID)).toEqual(ids);
  expect(events.map(({ errorCode }) => errorCode)).toEqual([
    undefined,
    "SerializationException",
    "ValidationException",
    "SerializationException",
  ]);
  await service.close();
});
