/** Debian's AWS CLI, one process a call. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { type Client, type Endpoint, OperationError } from "./client.ts";
import { foreignEnvironment } from "./environment.ts";

const run = promisify(execFile);

/** Where Debian installs it; a shim of the same name elsewhere on the PATH is not it. */
export const AWS_CLI = "/usr/bin/aws";

export const hasAwsCli: boolean = existsSync(AWS_CLI);

/** Members of answers that are blobs, which the CLI prints in base64. */
const BLOBS = ["CiphertextBlob", "Plaintext"];

export function awsCli(endpoint: Endpoint): Client {
  const env = foreignEnvironment(endpoint);
  return {
    name: "aws-cli",
    call: async (operation, input) => {
      const subcommand = operation.replaceAll(/(?<!^)([A-Z])/g, "-$1").toLowerCase();
      const json = JSON.stringify(input, (_key, value) => inBase64(value));
      const args = [
        "kms",
        subcommand,
        "--endpoint-url",
        endpoint.url,
        "--output",
        "json",
        "--cli-input-json",
        json,
      ];
      try {
        const { stdout } = await run(AWS_CLI, args, { env });
        return readAnswer(stdout);
      } catch (error) {
        throw asOperationError(error);
      }
    },
    close: async () => {},
  };
}

/** The CLI reads blobs in base64. */
function inBase64(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return value;
}

function readAnswer(stdout: string): Record<string, unknown> {
  if (stdout.trim() === "") return {};
  const answer = JSON.parse(stdout) as Record<string, unknown>;
  for (const name of BLOBS) {
    const blob = answer[name];
    if (typeof blob === "string") answer[name] = new Uint8Array(Buffer.from(blob, "base64"));
  }
  return answer;
}

function asOperationError(error: unknown): unknown {
  const { stderr = "" } = error as { stderr?: string };
  const match = /An error occurred \((\w+)\) when calling the \w+ operation[^:]*: ?(.*)/.exec(stderr);
  return match === null ? error : new OperationError(match[1] ?? "", match[2] ?? "");
}
