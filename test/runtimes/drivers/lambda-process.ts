/**
 * A Node.js process as Lambda runs it: it gets events from the Lambda Runtime API, and has 128 MB.
 *
 * The kernel holds it to them: its private memory is limited (RLIMIT_DATA, 1 MiB of stack a thread), and what it held at most
 * (resident, the program itself included, as Lambda counts) is told.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Bytes of the smallest function that Lambda has. */
export const LAMBDA_MEMORY: number = 128 * 1024 * 1024;
/** Mebibytes of the JavaScript heap, so that it collects in time. */
const HEAP = 48;

export interface LambdaProcess {
  /** Hands an event to the function, and gives back what it answers. */
  invoke(event: unknown): Promise<unknown>;
  stop(): Promise<void>;
  /** Without a chance to end well. */
  kill(): Promise<void>;
}

export async function startLambda(
  program: string,
  script: string,
  environment: Readonly<Record<string, string>>,
): Promise<LambdaProcess> {
  let waiting: ServerResponse | undefined;
  let pending: { id: string; body: string } | undefined;
  const answers = new Map<string, { resolve: (body: unknown) => void; reject: (error: Error) => void }>();
  const give = (): void => {
    if (waiting === undefined || pending === undefined) return;
    const headers = {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": pending.id,
      "lambda-runtime-deadline-ms": String(Date.now() + 900_000),
    };
    waiting.writeHead(200, headers).end(pending.body);
    waiting = undefined;
    pending = undefined;
  };
  const api = createServer(async (request, response) => {
    const [id = "", kind] = (request.url ?? "").split("/").slice(-2);
    if (kind === "next") {
      waiting = response;
      give();
      return;
    }
    let body = "";
    for await (const chunk of request) body += chunk;
    const answer = answers.get(id);
    answers.delete(id);
    if (kind === "response") answer?.resolve(JSON.parse(body));
    else answer?.reject(new Error(body));
    response.writeHead(202).end();
  });
  api.listen(0, "127.0.0.1");
  await once(api, "listening");
  const limits = `ulimit -s 1024; ulimit -d ${LAMBDA_MEMORY / 1024}; exec "$0" "$@"`;
  const child = spawn(
    "sh",
    ["-c", limits, program, `--max-old-space-size=${HEAP}`, "--max-semi-space-size=1", script],
    {
      env: { ...environment, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(api.address() as AddressInfo).port}` },
      stdio: ["ignore", "inherit", "pipe"],
    },
  );
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint += String(chunk);
  });
  const ended = once(child, "exit");
  void ended.then(() => {
    for (const { reject } of answers.values()) reject(new Error(`the function ended: ${complaint}`));
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
    api.close();
    api.closeAllConnections();
  };
  return {
    invoke: (event) =>
      new Promise((resolve, reject) => {
        const id = crypto.randomUUID();
        answers.set(id, { resolve, reject });
        pending = { id, body: JSON.stringify(event) };
        give();
      }),
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}
