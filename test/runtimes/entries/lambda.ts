/**
 * Entry of a Lambda function: it asks the Lambda Runtime API for events and answers them, as Lambda's own runtime does. Events of a
 * function URL and of API Gateway go to KMSLite's handler; a question of the driver is answered by the suite.
 *
 * AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
 */
import { readFileSync } from "node:fs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoDbStore } from "@kmslite/store/dynamodb";
import { type Kms, rootKeyFromText, type Store } from "kmslite";
import { createKms, type LambdaEvent, lambdaHandler } from "kmslite/lambda";
import type { Platform, Question } from "../behaviours/platform.ts";
import { answer } from "../behaviours/suite.ts";

const { AWS_LAMBDA_RUNTIME_API, DYNAMODB, ROOT_KEY, KEY_ID, KEY_SECRET } = process.env;
const TABLE = "kms";
const invocations = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
const client = new DynamoDBClient({
  region: "us-east-1",
  credentials: { accessKeyId: "any", secretAccessKey: "any" },
  ...(DYNAMODB === undefined ? {} : { endpoint: DYNAMODB }),
});

/** A partition of the table each. The time is for a machine that runs other runtimes beside. */
const at = async (partition: string): Promise<Store> =>
  dynamoDbStore({ client, table: TABLE, partition, timeout: 60_000 });
const rootKey = async () => rootKeyFromText(ROOT_KEY ?? "");

const platform: Platform = {
  stores: [
    {
      name: "DynamoDB",
      create: async () => {
        const partition = crypto.randomUUID();
        return { open: () => at(partition), dispose: async () => {} };
      },
      lasting: () => at("lasting"),
    },
  ],
  rootKey,
};

const serve = lambdaHandler(async () => {
  const kms: Kms = await createKms({ root: await rootKey(), store: await at("served") });
  return { kms, accessKeys: [{ accessKeyId: KEY_ID ?? "", secretAccessKey: KEY_SECRET ?? "" }] };
});

type Event = LambdaEvent | { readonly question: Question } | { readonly peak: true };

/** What the process held at most, in bytes. `getrusage` would count the process that it was forked from, too. */
function peakMemory(): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  if (kibibytes === undefined) throw new Error("the kernel does not tell the peak memory");
  return Number(kibibytes) * 1024;
}

async function handler(event: Event): Promise<unknown> {
  if ("question" in event) return answer(platform, event.question);
  if ("peak" in event) return peakMemory();
  return serve(event);
}

for (;;) {
  const next = await fetch(`${invocations}/next`);
  const id = next.headers.get("lambda-runtime-aws-request-id");
  const event = (await next.json()) as Event;
  const [path, body] = await handler(event).then(
    (result) => ["response", result],
    (error: unknown) => ["error", { errorMessage: String(error), errorType: "Error" }],
  );
  await fetch(`${invocations}/${id}/${path}`, { method: "POST", body: JSON.stringify(body) });
}
