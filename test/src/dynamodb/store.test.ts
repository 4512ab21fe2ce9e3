/** The contract on DynamoDB's protocol, through the official client. */
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { storeConformance } from "@kmslite/store/conformance";
import { createDynamoDbTable, dynamoDbStore } from "@kmslite/store/dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalDynamoDb, startDynamoDb } from "./local-dynamodb.ts";

const TABLE = "kms";
let local: LocalDynamoDb;
let client: DynamoDBClient;
let partitions = 0;

beforeAll(async () => {
  local = await startDynamoDb();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  client = new DynamoDBClient({ endpoint: local.endpoint, region: "us-east-1", credentials });
  await createDynamoDbTable(client, TABLE);
});
afterAll(async () => {
  client.destroy();
  await local.stop();
});

const nextPartition = (): string => {
  partitions++;
  return `partition ${partitions}`;
};
const create = async () => {
  const partition = nextPartition();
  const open = async () => dynamoDbStore({ client, table: TABLE, partition, timeout: 30_000 });
  return { open, dispose: async () => {} };
};
for (const { name, run } of storeConformance({ create, persistent: true })) test(name, run, 120_000);

test("making a table that is there does nothing", async () => {
  await createDynamoDbTable(client, TABLE);
});

test("refuses a commit of more than 4 MB before it sends anything", async () => {
  const store = dynamoDbStore({ client, table: TABLE, partition: nextPartition() });
  const sent = local.requests.get("TransactWriteItems");
  const value = new Uint8Array(131_072);
  const sets = Array.from({ length: 33 }, (_, index) => ({ key: `large/${index}`, version: 1, value }));
  await expect(store.commit({ checks: [], sets, deletes: [] })).rejects.toMatchObject({ code: "Malformed" });
  expect(local.requests.get("TransactWriteItems")).toBe(sent);
  await store.close();
});

test("the largest records of the contract, as many as DynamoDB takes at once, are written and read back", async () => {
  const store = dynamoDbStore({ client, table: TABLE, partition: nextPartition() });
  const value = new Uint8Array(131_072).fill(255);
  // 31 of them are 4,063,232 bytes of values; a 32nd would leave no room for the rest within 4 MB.
  const sets = Array.from({ length: 31 }, (_, index) => ({
    key: `${"k".repeat(510)}${String(index).padStart(2, "0")}`,
    version: Number.MAX_SAFE_INTEGER,
    value,
  }));
  expect(await store.commit({ checks: [], sets, deletes: [] })).toBe(true);
  const listed = await store.list({ start: "k", end: "l", limit: 1000 });
  expect(listed.map(({ key }) => key)).toEqual(sets.map(({ key }) => key));
  expect(listed.every((record) => Buffer.compare(record.value, value) === 0)).toBe(true);
  await store.close();
});

test("100 items fit in one transaction, and the name of their partition counts for each", async () => {
  const store = dynamoDbStore({ client, table: TABLE, partition: "p".repeat(2048) });
  const sets = Array.from({ length: 100 }, (_, index) => ({
    key: `k${index}`,
    version: 1,
    value: new Uint8Array(39_000),
  }));
  expect(await store.commit({ checks: [], sets, deletes: [] })).toBe(true);
  const larger = sets.map((set) => ({ ...set, value: new Uint8Array(39_800) }));
  await expect(store.commit({ checks: [], sets: larger, deletes: [] })).rejects.toMatchObject({
    code: "Malformed",
  });
  await store.close();
});

test.each(["", "p".repeat(2049)])("refuses a partition that DynamoDB would refuse", (partition) => {
  expect(() => dynamoDbStore({ client, table: TABLE, partition })).toThrow(/1 to 2048 bytes/);
});

test("a table that is not there is a StoreError that names it", async () => {
  const store = dynamoDbStore({ client, table: "nowhere" });
  await expect(store.get("a")).rejects.toMatchObject({
    code: "Unavailable",
    message: expect.stringContaining("nowhere"),
  });
});

test.each([{ version: { N: "0" } }, { value: { S: "text" } }])(
  "refuses an item edited to %j",
  async (edit) => {
    const partition = nextPartition();
    const whole = {
      store: { S: partition },
      key: { S: "a" },
      version: { N: "1" },
      value: { B: new Uint8Array(1) },
    };
    await client.send(new PutItemCommand({ TableName: TABLE, Item: { ...whole, ...edit } }));
    await expect(dynamoDbStore({ client, table: TABLE, partition }).get("a")).rejects.toThrow(/damaged/);
  },
);
