/**
 * A DynamoDB of the tests' own: dynalite, which keeps tables and evaluates expressions, behind a front that adds what it
 * lacks, TransactWriteItems and its tokens.
 *
 * The front lets one request at a time through, so a transaction is atomic: its items are written one by one with their own
 * conditions, and undone when one fails. Transactions that arrive while another one on the same item waits are cancelled with
 * TransactionConflict, as DynamoDB does.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import dynalite from "dynalite";

export interface LocalDynamoDb {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  /** Requests for each operation so far. */
  readonly requests: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

interface Write {
  readonly TableName: string;
  readonly Key?: Record<string, unknown>;
  readonly Item?: Record<string, unknown>;
  readonly ConditionExpression?: string;
}

type TransactItem = Readonly<Partial<Record<"Put" | "Delete" | "ConditionCheck", Write>>>;

interface Answer {
  readonly status: number;
  readonly body: string;
}

const KEY_ATTRIBUTES = ["store", "key"];

export async function startDynamoDb(): Promise<LocalDynamoDb> {
  const tables: Server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  tables.listen(0, "127.0.0.1");
  await once(tables, "listening");
  const behind = `http://127.0.0.1:${(tables.address() as AddressInfo).port}`;
  const requests = new Map<string, number>();
  const waiting = new Map<string, number>();
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
  const send = async (operation: string, body: string, headers: Record<string, string>): Promise<Answer> => {
    const response = await fetch(behind, {
      method: "POST",
      headers: { ...headers, "x-amz-target": `DynamoDB_20120810.${operation}` },
      body,
    });
    return { status: response.status, body: await response.text() };
  };

  /** A transaction that was made is not made again when it comes again under the same token, as within DynamoDB's ten minutes. */
  const made = new Map<string, Promise<Answer>>();
  const transactOnce = async (body: string, headers: Record<string, string>): Promise<Answer> => {
    const { ClientRequestToken: token = crypto.randomUUID() } = JSON.parse(body) as {
      ClientRequestToken?: string;
    };
    const known = made.get(token);
    if (known !== undefined) return known;
    const answer = transact(body, headers);
    made.set(token, answer);
    if ((await answer).status !== 200) made.delete(token);
    return answer;
  };

  const transact = async (body: string, headers: Record<string, string>): Promise<Answer> => {
    const { TransactItems: items } = JSON.parse(body) as { TransactItems: readonly TransactItem[] };
    const places = items.map((item) => JSON.stringify(keyOf(writeOf(item).write)));
    if (items.length > 100 || new Set(places).size < places.length) {
      return failure("ValidationException", "too many items, or two on the same one");
    }
    if (items.reduce((sum, item) => sum + sizeOf(item.Put?.Item ?? {}), 0) > 4 * 1024 * 1024) {
      return failure("ValidationException", "the items are larger than 4 MB together");
    }
    const busy = places.map((place) => (waiting.get(place) ?? 0) > 0);
    if (busy.includes(true))
      return cancelled(busy.map((conflict) => (conflict ? "TransactionConflict" : "None")));
    for (const place of places) waiting.set(place, (waiting.get(place) ?? 0) + 1);
    try {
      return await inTurn(() => apply(items, (operation, request) => send(operation, request, headers)));
    } finally {
      for (const place of places) waiting.set(place, (waiting.get(place) ?? 1) - 1);
    }
  };

  const front = createServer(async (request, response) => {
    const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    requests.set(operation, (requests.get(operation) ?? 0) + 1);
    const body = await bodyOf(request);
    const headers = passedOn(request);
    const { status, body: answer } =
      operation === "TransactWriteItems"
        ? await transactOnce(body, headers)
        : await inTurn(() => send(operation, body, headers));
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(answer);
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  return {
    endpoint: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    requests,
    stop: async () => {
      for (const server of [front, tables]) {
        server.close();
        server.closeAllConnections();
        await once(server, "close");
      }
    },
  };
}

/** Writes item by item; undoes what was written when one does not hold. */
async function apply(
  items: readonly TransactItem[],
  send: (operation: string, body: string) => Promise<Answer>,
): Promise<Answer> {
  const undo: (() => Promise<Answer>)[] = [];
  const reasons = items.map(() => "None");
  let failed = false;
  for (const [index, item] of items.entries()) {
    const { operation, write } = writeOf(item);
    const { TableName } = write;
    const Key = keyOf(write);
    const before = JSON.parse(
      (await send("GetItem", JSON.stringify({ TableName, Key, ConsistentRead: true }))).body,
    );
    const answer = await send(operation, JSON.stringify(write));
    if (answer.status === 200) {
      undo.push(() =>
        before.Item === undefined
          ? send("DeleteItem", JSON.stringify({ TableName, Key }))
          : send("PutItem", JSON.stringify({ TableName, Item: before.Item })),
      );
      // A mere check was made as an update of nothing, which makes an item where there was none.
      if (operation === "UpdateItem" && before.Item === undefined) await undo.pop()?.();
    } else if (answer.body.includes("ConditionalCheckFailedException")) {
      reasons[index] = "ConditionalCheckFailed";
      failed = true;
    } else {
      for (const step of undo.reverse()) await step();
      return answer;
    }
  }
  if (!failed) return { status: 200, body: "{}" };
  for (const step of undo.reverse()) await step();
  return cancelled(reasons);
}

function writeOf(item: TransactItem): { readonly operation: string; readonly write: Write } {
  if (item.Put !== undefined) return { operation: "PutItem", write: item.Put };
  if (item.Delete !== undefined) return { operation: "DeleteItem", write: item.Delete };
  if (item.ConditionCheck !== undefined) return { operation: "UpdateItem", write: item.ConditionCheck };
  throw new Error("an item of a transaction that the tests don't know");
}

function keyOf({ Key, Item }: Write): Record<string, unknown> {
  return Key ?? Object.fromEntries(KEY_ATTRIBUTES.map((name) => [name, Item?.[name]]));
}

/** Bytes of an item: those of its attributes' names and values. DynamoDB Developer Guide, "DynamoDB item sizes and formats". */
function sizeOf(item: Record<string, unknown>): number {
  return Object.entries(item).reduce((sum, [name, attribute]) => {
    const { S, N, B } = attribute as { S?: string; N?: string; B?: string };
    return sum + name.length + (S ?? N ?? "").length + Buffer.byteLength(B ?? "", "base64");
  }, 0);
}

function cancelled(codes: readonly string[]): Answer {
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(", ")}]`;
  return failure("TransactionCanceledException", message, {
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}

function failure(name: string, message: string, more: object = {}): Answer {
  const type = `com.amazonaws.dynamodb.v20120810#${name}`;
  return { status: 400, body: JSON.stringify({ __type: type, message, Message: message, ...more }) };
}

function passedOn(request: IncomingMessage): Record<string, string> {
  const { authorization = "", "x-amz-date": date = "" } = request.headers;
  return { authorization, "x-amz-date": String(date), "content-type": "application/x-amz-json-1.0" };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
