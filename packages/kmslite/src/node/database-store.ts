/**
 * The stores that a URL names, for many processes over one database: PostgreSQL's protocol and DynamoDB.
 *
 * Their drivers are the user's to install, and only the one that is needed is loaded.
 */
import type { Store } from "@kmslite/store";
import { loadDriver } from "./driver.ts";
import { SetupError } from "./setup-error.ts";

const FORMS =
  "postgresql://user:password@host:5432/database?schema=kmslite&connections=10 or " +
  "dynamodb://table?region=us-east-1&partition=kmslite&endpoint=http://localhost:8000";

/**
 * Opens the store that a URL names.
 *
 * - `postgres://` and `postgresql://` as the `pg` driver takes them; besides its own, the parameters `schema` (default
 *   `kmslite`) and `connections` (default 10).
 * - `dynamodb://TABLE`, with the parameters `region`, `endpoint` and `partition` (default `kmslite`); whatever is not given, the
 *   AWS SDK takes from where it always does, credentials among it.
 *
 * @param create whether to make or migrate its tables if that is needed
 * @throws {SetupError} `MalformedStoreUrl` or `DriverMissing`
 * @throws {StoreError} if the database can't be reached, or lacks its tables
 */
export async function openDatabaseStore(url: string, create: boolean): Promise<Store> {
  if (/^postgres(?:ql)?:\/\//.test(url)) return openPostgres(url, create);
  if (url.startsWith("dynamodb://")) return openDynamoDb(url, create);
  throw new SetupError("MalformedStoreUrl", `a store's URL has the form ${FORMS}`);
}

/** How a store may be spoken of: its URL without password and parameters. */
export function nameOfStore(url: string): string {
  const [bare = ""] = url.split("?", 1);
  return bare.replace(/^([a-z]+:\/\/)(?:([^:@/]*)(?::.*)?@)?/, (_, scheme: string, user?: string) =>
    user === undefined ? scheme : `${scheme}${user}@`,
  );
}

async function openPostgres(url: string, create: boolean): Promise<Store> {
  const { bare, own, others } = parametersOf(url, ["schema", "connections"]);
  const connections = own["connections"] === undefined ? 10 : Number(own["connections"]);
  if (!Number.isInteger(connections) || connections < 1 || connections > 1000) {
    throw new SetupError("MalformedStoreUrl", "connections must be a whole number from 1 to 1000");
  }
  const { postgresStore } = await loadDriver("pg", () => import("@kmslite/store/postgres"));
  return postgresStore({
    url: others === "" ? bare : `${bare}?${others}`,
    create,
    connections,
    ...(own["schema"] === undefined ? {} : { schema: own["schema"] }),
  });
}

async function openDynamoDb(url: string, create: boolean): Promise<Store> {
  const { bare, own, others } = parametersOf(url, ["region", "endpoint", "partition"]);
  const table = bare.slice("dynamodb://".length);
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(table) || others !== "") {
    throw new SetupError("MalformedStoreUrl", `a store's URL has the form ${FORMS}`);
  }
  const { region, endpoint, partition } = own;
  const [{ DynamoDBClient }, { createDynamoDbTable, dynamoDbStore }] = await loadDriver(
    "@aws-sdk/client-dynamodb",
    () => Promise.all([import("@aws-sdk/client-dynamodb"), import("@kmslite/store/dynamodb")]),
  );
  const client = new DynamoDBClient({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  try {
    if (create) await createDynamoDbTable(client, table);
    const store = dynamoDbStore({ client, table, ...(partition === undefined ? {} : { partition }) });
    return { ...bound(store), close: () => store.close().finally(() => client.destroy()) };
  } catch (error) {
    client.destroy();
    throw new SetupError("Inaccessible", `DynamoDB table ${table}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function bound(store: Store): Omit<Store, "close"> {
  return {
    get: (key) => store.get(key),
    list: (range) => store.list(range),
    commit: (commit) => store.commit(commit),
  };
}

/** Splits a URL into what comes before its parameters, those named in `names`, and the others. */
function parametersOf(
  url: string,
  names: readonly string[],
): { readonly bare: string; readonly own: Readonly<Record<string, string>>; readonly others: string } {
  const mark = url.indexOf("?");
  if (mark < 0) return { bare: url, own: {}, others: "" };
  const parameters = new URLSearchParams(url.slice(mark + 1));
  const own: Record<string, string> = {};
  for (const name of names) {
    const value = parameters.get(name);
    if (value !== null) own[name] = value;
    parameters.delete(name);
  }
  return { bare: url.slice(0, mark), own, others: parameters.toString() };
}
