/** A Lambda function of 128 MB over DynamoDB: the suite inside it, and the official SDK against its handler. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamoDbTable } from "@kmslite/store/dynamodb";
import { startDynamoDb } from "../../src/dynamodb/local-dynamodb.ts";
import { type Answer, attempt, type Outcome } from "../behaviours/platform.ts";
import { bundle } from "./bundle.ts";
import { installed, installedVersion } from "./installed.ts";
import { type EventKind, eventOf, responseOf } from "./lambda-events.ts";
import { LAMBDA_MEMORY, type LambdaProcess, startLambda } from "./lambda-process.ts";
import type { Runtime } from "./runtime.ts";
import { servedKey } from "./served-key.ts";

const ACCESS_KEY = { accessKeyId: "AKIDLAMBDA0000000001", secretAccessKey: "a secret of the tests" };
const KINDS: readonly EventKind[] = ["function URL", "API Gateway REST"];

export function lambdaRuntime(): Runtime {
  const program = installed("node-22/bin/node");
  return {
    name: "AWS Lambda, 128 MB",
    // Limits of a process are set by a POSIX shell.
    find: async () => (process.platform === "linux" && existsSync(program) ? program : undefined),
    start: async () => {
      const folder = mkdtempSync(join(tmpdir(), "kmslite-lambda-"));
      const script = join(folder, "function.mjs");
      writeFileSync(script, await bundle("lambda.ts", ["node:*"]));
      const dynamoDb = await startDynamoDb();
      const credentials = { accessKeyId: "any", secretAccessKey: "any" };
      const client = new DynamoDBClient({ region: "us-east-1", endpoint: dynamoDb.endpoint, credentials });
      await createDynamoDbTable(client, "kms");
      client.destroy();
      const environment = {
        DYNAMODB: dynamoDb.endpoint,
        ROOT_KEY: "44".repeat(32),
        KEY_ID: ACCESS_KEY.accessKeyId,
        KEY_SECRET: ACCESS_KEY.secretAccessKey,
      };
      const served = KINDS.map((kind) => ({ kind, use: servedKey(ACCESS_KEY) }));
      const inFunction = async <T>(use: (lambda: LambdaProcess) => Promise<T>): Promise<T> => {
        const lambda = await startLambda(program, script, environment);
        try {
          return await use(lambda);
        } finally {
          await lambda.stop();
        }
      };
      return {
        version: () => `Node.js ${installedVersion("node-22") ?? ""}`,
        // New processes each time; the tables stay.
        ask: async (question) => {
          const outcomes: Outcome[] = [];
          const when = question.phase === "restarted" ? " after a restart" : "";
          const suite = await inFunction(async (lambda) => {
            const answer = (await lambda.invoke({ question })) as Answer;
            outcomes.push(await peakMemory(`the suite${when}`, lambda));
            return answer;
          });
          await inFunction(async (lambda) => {
            for (const { kind, use } of served) {
              const front = await gateway(lambda, kind);
              const outcome = await use(front.url, question.phase);
              outcomes.push({
                ...outcome,
                name: outcome.name.replace("over HTTP", `through ${kind} events`),
              });
              await front.close();
            }
            outcomes.push(await peakMemory(`the function${when}`, lambda));
          });
          return { ...suite, outcomes: [...suite.outcomes, ...outcomes] };
        },
        askTogether: (questions) =>
          Promise.all(
            questions.map((question) =>
              inFunction(async (lambda) => (await lambda.invoke({ question })) as Answer),
            ),
          ),
        askAndKill: async (question, time) => {
          const lambda = await startLambda(program, script, environment);
          const ended = lambda.invoke({ question }).catch((error: unknown) => error);
          await Promise.race([time, ended]);
          await lambda.kill();
          await ended;
        },
        stop: async () => {
          await dynamoDb.stop();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

function peakMemory(what: string, lambda: LambdaProcess): Promise<Outcome> {
  return attempt(`peak memory of ${what}`, async () => {
    const peak = (await lambda.invoke({ peak: true })) as number;
    if (peak > LAMBDA_MEMORY) throw new Error(`${peak} bytes`);
    return `${Math.round(peak / 1024 / 1024)} MiB`;
  });
}

/** What stands before a function: an HTTP server that makes events of requests. */
async function gateway(lambda: LambdaProcess, kind: EventKind) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { status, headers, body } = responseOf(
      await lambda.invoke(eventOf(kind, request, Buffer.concat(chunks))),
    );
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
