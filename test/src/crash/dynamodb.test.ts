/**
 * The DynamoDB store, cut off at every request of a commit: before it, before its answer, and within that. That a transaction is atomic
 * within the database is the database's promise; the one of the tests keeps it by taking one request at a time.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Store, StoreError } from "@kmslite/store";
import { createDynamoDbTable, dynamoDbStore } from "@kmslite/store/dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalDynamoDb, startDynamoDb } from "../dynamodb/local-dynamodb.ts";
import { found, MUTATION, writeBefore } from "./mutation.ts";
import { PLACES, startRequestCutter } from "./request-cutter.ts";

const TABLE = "crashes";
let local: LocalDynamoDb;
let client: DynamoDBClient;

beforeAll(async () => {
  local = await startDynamoDb();
  client = clientOf(local.endpoint, 3);
  await createDynamoDbTable(client, TABLE);
}, 60_000);
afterAll(async () => {
  client.destroy();
  await local.stop();
});

test.each(PLACES)(
  "cut off for good %s, it holds all of a commit or nothing",
  async (place) => {
    const direct = dynamoDbStore({ client, table: TABLE });
    for (let request = 1; ; request++) {
      await writeBefore(direct);
      const cutter = await startRequestCutter(local.endpoint, { request, place, forGood: true });
      const acknowledged = await commitThrough(cutter.endpoint, 1);
      expect(acknowledged).toBe(!cutter.cut);
      const happened = !cutter.cut || place !== "before the request";
      expect(await found(direct)).toBe(happened ? "all" : "nothing");
      await cutter.stop();
      if (!cutter.cut) break;
    }
    await direct.close();
  },
  60_000,
);

test.each(PLACES)(
  "cut off once %s, it makes a commit once and acknowledges it",
  async (place) => {
    const direct = dynamoDbStore({ client, table: TABLE });
    await writeBefore(direct);
    const cutter = await startRequestCutter(local.endpoint, { request: 1, place, forGood: false });
    expect(await commitThrough(cutter.endpoint, 3)).toBe(true);
    expect(cutter.cut).toBe(true);
    expect(await found(direct)).toBe("all");
    await cutter.stop();
    await direct.close();
  },
  60_000,
);

function clientOf(endpoint: string, maxAttempts: number): DynamoDBClient {
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  return new DynamoDBClient({ endpoint, region: "us-east-1", credentials, maxAttempts });
}

/** Whether the commit was acknowledged; anything but a StoreError is a failure. */
async function commitThrough(endpoint: string, maxAttempts: number): Promise<boolean> {
  const cutOff = clientOf(endpoint, maxAttempts);
  const store: Store = dynamoDbStore({ client: cutOff, table: TABLE });
  try {
    return await store.commit(MUTATION);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return false;
  } finally {
    await store.close();
    cutOff.destroy();
  }
}
