/**
 * The store in a DynamoDB table, through the AWS SDK's client: for AWS Lambda and whatever else has no disk.
 *
 * - A commit is one TransactWriteItems of conditional writes; a cancellation for a conflict is tried again. A commit of the
 *   contract fits DynamoDB's limits only up to 4 MB a transaction, which is checked before it is sent.
 * - DynamoDB has no snapshot of a range. `list` therefore reads it until two passes agree: then all that it gives stood so between them.
 *   A record that was made and removed while both read past it can be missing. Under the authenticated store it can't: there each
 *   insertion changes its predecessor, which both passes have read.
 * - 400 KB an item is three times the largest record of the contract.
 *
 * DynamoDB Developer Guide, "Amazon DynamoDB transactions: how it works" and "Quotas".
 */
import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import {
  type Commit,
  type ListRange,
  type Store,
  StoreError,
  type StoreKey,
  type StoreRecord,
} from "../contract.ts";
import { checkCommit, checkKey, checkRange } from "../validate.ts";
import { cancellationOf, storeError } from "./failure.ts";

export interface DynamoDbStoreOptions {
  /** The SDK's client; it stays the caller's to destroy. Its own retries apply to what the network loses. */
  readonly client: DynamoDBClient;
  /** A table with the key schema that {@link createDynamoDbTable} makes. */
  readonly table: string;
  /** The partition that holds the records, so that several stores can share a table. Default `kmslite`. */
  readonly partition?: string;
  /** Milliseconds that one operation may take in conflict with others before it is given up as `Unavailable`. Default 5,000. */
  readonly timeout?: number;
}

/** Name of the partition key, a string: the store. */
export const PARTITION_KEY = "store";
/** Name of the sort key, a string: the record's key. DynamoDB orders it by its UTF-8 bytes. */
export const SORT_KEY = "key";

/** Bytes of a partition key. */
const MAX_PARTITION_BYTES = 2048;
/** Bytes of all items of one transaction. */
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;
/** Bytes of an item besides partition, key and value: attribute names, version, and room for what DynamoDB counts itself. */
const ITEM_OVERHEAD = 150;

/** Milliseconds of the longest pause between two attempts. */
const LONGEST_PAUSE = 100;

/** The store in a partition of a DynamoDB table. Nothing is sent before the first operation. */
export function dynamoDbStore(options: DynamoDbStoreOptions): Store {
  const { client, table, partition = "kmslite", timeout = 5000 } = options;
  if (typeof table !== "string" || table === "") {
    throw new StoreError("Malformed", "a DynamoDB store needs the name of a table");
  }
  if (partition === "" || new TextEncoder().encode(partition).length > MAX_PARTITION_BYTES) {
    throw new StoreError(
      "Malformed",
      `a DynamoDB store's partition must be 1 to ${MAX_PARTITION_BYTES} bytes`,
    );
  }
  return new DynamoDbStore(client, table, partition, timeout);
}

class DynamoDbStore implements Store {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #partition: string;
  readonly #partitionBytes: number;
  readonly #timeout: number;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(client: DynamoDBClient, table: string, partition: string, timeout: number) {
    this.#client = client;
    this.#table = table;
    this.#partition = partition;
    this.#partitionBytes = new TextEncoder().encode(partition).length;
    this.#timeout = timeout;
  }

  async get(key: StoreKey): Promise<StoreRecord | undefined> {
    checkKey(key);
    return this.#run(async () => {
      const command = new GetItemCommand({
        TableName: this.#table,
        Key: this.#keyOf(key),
        ConsistentRead: true,
      });
      const { Item } = await this.#client.send(command);
      return Item === undefined ? undefined : recordOf(Item);
    });
  }

  async list(range: ListRange): Promise<readonly StoreRecord[]> {
    const checked = checkRange(range);
    return this.#run(async () => {
      // DynamoDB refuses a BETWEEN whose bounds cross.
      if (checked.start >= checked.end) return [];
      const deadline = performance.now() + this.#timeout;
      let before = await this.#pass(checked);
      for (;;) {
        const now = await this.#pass(checked);
        if (sameRecords(before, now)) return now;
        if (performance.now() >= deadline) {
          throw new StoreError(
            "Unavailable",
            `the range from ${checked.start} changes faster than it can be read`,
          );
        }
        before = now;
      }
    });
  }

  async commit(commit: Commit): Promise<boolean> {
    const checked = checkCommit(commit);
    const items = this.#itemsOf(checked);
    const size = checked.sets.reduce(
      (sum, { key, value }) => sum + this.#partitionBytes + key.length + value.length + ITEM_OVERHEAD,
      0,
    );
    if (size > MAX_TRANSACTION_BYTES) {
      throw new StoreError(
        "Malformed",
        `a commit must write at most 4 MB in DynamoDB, got about ${size} bytes`,
      );
    }
    return this.#run(async () => {
      if (items.length === 0) return true;
      const deadline = performance.now() + this.#timeout;
      for (let bound = 4; ; bound = Math.min(bound * 2, LONGEST_PAUSE)) {
        try {
          // The command's own token, the same when the SDK sends it again, keeps a lost answer from writing twice.
          await this.#client.send(
            new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: crypto.randomUUID() }),
          );
          return true;
        } catch (error) {
          const cancellation = cancellationOf(error);
          if (cancellation === "check failed") return false;
          if (cancellation !== "conflict" || performance.now() >= deadline) throw error;
        }
        // Of random length, so that those who met don't meet again.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * bound));
      }
    });
  }

  /** Operations that were begun are finished first. The client stays open. */
  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#running).then(() => {});
    return this.#closing;
  }

  async #run<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#closing) throw new StoreError("Closed", "the store is closed");
    const running = operation();
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      throw storeError(this.#table, error);
    } finally {
      this.#running.delete(running);
    }
  }

  /** One pass over a range. A page of DynamoDB ends at 1 MB, wherever the limit is. */
  async #pass({ start, end, limit, reverse }: Required<ListRange>): Promise<readonly StoreRecord[]> {
    const records: StoreRecord[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        // BETWEEN takes the end in, so one more is asked for and the end, if it is there, left out.
        KeyConditionExpression: "#store = :store AND #key BETWEEN :start AND :end",
        ExpressionAttributeNames: { "#store": PARTITION_KEY, "#key": SORT_KEY },
        ExpressionAttributeValues: {
          ":store": { S: this.#partition },
          ":start": { S: start },
          ":end": { S: end },
        },
        ScanIndexForward: !reverse,
        Limit: limit + 1 - records.length,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      const page = await this.#client.send(command);
      records.push(...(page.Items ?? []).map(recordOf).filter(({ key }) => key !== end));
      from = page.LastEvaluatedKey;
    } while (from !== undefined && records.length < limit);
    return records.slice(0, limit);
  }

  /** One item for each distinct key: DynamoDB takes no two on the same one. */
  #itemsOf({ checks, sets, deletes }: Commit): TransactWriteItem[] {
    const conditions = new Map(checks.map(({ key, version }) => [key, conditionOf(version)]));
    const takeCondition = (key: StoreKey): Condition | undefined => {
      const condition = conditions.get(key);
      conditions.delete(key);
      return condition;
    };
    const TableName = this.#table;
    return [
      ...sets.map((set) => {
        const Item = {
          ...this.#keyOf(set.key),
          version: { N: String(set.version) },
          value: { B: set.value },
        };
        return { Put: { TableName, Item, ...takeCondition(set.key) } };
      }),
      ...deletes.map((key) => ({ Delete: { TableName, Key: this.#keyOf(key), ...takeCondition(key) } })),
      ...[...conditions].map(([key, condition]) => ({
        ConditionCheck: { TableName, Key: this.#keyOf(key), ...condition },
      })),
    ];
  }

  #keyOf(key: StoreKey): Record<string, AttributeValue> {
    return { [PARTITION_KEY]: { S: this.#partition }, [SORT_KEY]: { S: key } };
  }
}

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

function conditionOf(version: number | null): Condition {
  if (version === null) {
    return {
      ConditionExpression: "attribute_not_exists(#key)",
      ExpressionAttributeNames: { "#key": SORT_KEY },
    };
  }
  return {
    ConditionExpression: "#version = :version",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: { ":version": { N: String(version) } },
  };
}

function sameRecords(some: readonly StoreRecord[], others: readonly StoreRecord[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ key, version }, index) => key === others[index]?.key && version === others[index]?.version)
  );
}

/** What is read is input: somebody may have edited the table. */
function recordOf(item: Record<string, AttributeValue>): StoreRecord {
  const key = item[SORT_KEY]?.S;
  const version = Number(item["version"]?.N);
  const value = item["value"]?.B;
  if (key === undefined || value === undefined || !Number.isSafeInteger(version) || version < 1) {
    throw new StoreError(
      "Unavailable",
      "the DynamoDB table is damaged: an item has attributes never written so",
    );
  }
  return { key, value: new Uint8Array(value), version };
}
