/** The official SDK as it is installed: its operations, what they document, and a client over the service in this process. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as sdk from "@aws-sdk/client-kms";
import { createRequestHandler } from "@kmslite/wire/in-process";
import { type Bench, openBench } from "../conformance/kms/key-in-state.ts";

type Command = new (input: object) => Parameters<sdk.KMSClient["send"]>[0];

const COMMAND = /^([A-Z][A-Za-z]+)Command$/;

/** Names of all operations that the SDK exports, sorted. */
export const SDK_OPERATIONS: readonly string[] = Object.keys(sdk)
  .map((name) => COMMAND.exec(name)?.[1])
  .filter((name) => name !== undefined)
  .sort();

/** Errors that stand for a fault of the service or its surroundings: no request can ask for them. */
const FAULTS = ["DependencyTimeoutException", "KMSInternalException", "KMSServiceException"];

/** The errors that the SDK documents for an operation, sorted, without those that are no fault of a caller's. */
export function documentedErrors(operation: string): readonly string[] {
  const text = readFileSync(join(declarations(), "commands", `${operation}Command.d.ts`), "utf8");
  const names = [...text.matchAll(/@throws \{@link (\w+)\}/g)].map(([, name = ""]) => name);
  return [...new Set(names)].filter((name) => !FAULTS.includes(name)).sort();
}

/** A bench whose calls go through the SDK: serialized, signed, sent to the wire protocol in this process, and parsed. */
export function openSdkBench(): Promise<Bench> {
  return openBench((service, caller) => {
    const client = new sdk.KMSClient({
      region: caller.region,
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "any" },
      maxAttempts: 1,
      requestHandler: createRequestHandler(service, caller),
    });
    return async (operation, input) => {
      const SdkCommand = (sdk as unknown as Readonly<Record<string, Command | undefined>>)[
        `${operation}Command`
      ];
      if (SdkCommand === undefined) throw new RangeError(`The SDK has no operation ${operation}`);
      const { $metadata, ...answer } = await client.send(new SdkCommand(input));
      if ($metadata.httpStatusCode !== 200) throw new Error(`Status ${$metadata.httpStatusCode}`);
      return answer as Readonly<Record<string, unknown>>;
    };
  });
}

function declarations(): string {
  const entry = createRequire(import.meta.url).resolve("@aws-sdk/client-kms");
  let folder = dirname(entry);
  while (!existsSync(join(folder, "dist-types"))) folder = dirname(folder);
  return join(folder, "dist-types");
}
