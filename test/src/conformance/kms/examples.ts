/**
 * Conformance family `kms-examples`: the examples of AWS's API model, sent through the official SDK. A case passes if the request
 * succeeds and the answer has what the example's has: the same members, of the same types, and the same values where they are
 * no ids, times or bytes.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { operationNamed } from "@kmslite/service";
import { hasRequest, prepare } from "../../api/requests.ts";
import { openSdkBench } from "../../api/sdk.ts";
import { absentResult, countedResult, type Family } from "../result.ts";
import type { Bench } from "./key-in-state.ts";

const FILE = "kms/examples-1.json";

type Values = Readonly<Record<string, unknown>>;

interface Example {
  readonly id: string;
  readonly input?: Values;
  readonly output?: Values;
}

/** Members that name something which is there under another name here, or hold bytes that only this service knows. */
const OURS =
  /Id$|Arn$|^KeyId$|AliasName|CiphertextBlob|^Mac$|Signature$|ImportToken|EncryptedKeyMaterial|^Plaintext$|^Message$/;

/** Values of answers that an example shows and every service has its own of. */
const OWN_VALUES =
  /Id$|Arn$|Alias|Date$|ValidTo$|Account|Principal$|^Region$|^Name$|Token$|Blob$|Plaintext$|PublicKey$|^Mac$|^Signature$|^Policy$|^ReplicaPolicy$|^Description$|^Operations$|^Tag|^KeyState$|^Enabled$|^KeyRotationEnabled$|^CustomKeyStoreName$|^Truncated$/;

export const kmsExamples: Family = {
  id: "kms-examples",
  run: async (vectors) => {
    const path = join(vectors, FILE);
    if (!existsSync(path)) return [absentResult("kms-examples", "service", [FILE])];
    const { examples } = JSON.parse(readFileSync(path, "utf8")) as {
      readonly examples: Readonly<Record<string, readonly Example[]>>;
    };
    const failures: string[] = [];
    const skipped = new Map<string, number>();
    let tried = 0;
    const bench = await openSdkBench();
    try {
      for (const [operation, cases] of Object.entries(examples)) {
        for (const example of cases) {
          const why = whySkipped(operation, example);
          if (why !== undefined) skipped.set(why, (skipped.get(why) ?? 0) + 1);
          else {
            tried += 1;
            const wrong = await tryExample(bench, operation, example);
            if (wrong !== undefined) failures.push(`${operation} (${example.id}): ${wrong}`);
          }
        }
      }
    } finally {
      await bench.close();
    }
    return [countedResult("kms-examples", "service", tried, failures, skipped)];
  },
};

function whySkipped(operation: string, { input = {} }: Example): string | undefined {
  // Their tests have a cluster; these examples speak of one that is AWS's.
  if (/CustomKeyStore/.test(operation) || input["CustomKeyStoreId"] !== undefined) {
    return "it takes the cluster of a custom key store";
  }
  if (operationNamed(operation) === undefined || !hasRequest(operation))
    return "the operation is not served yet";
  return undefined;
}

async function tryExample(bench: Bench, operation: string, example: Example): Promise<string | undefined> {
  try {
    const answer = await bench.call(operation, await requestOf(bench, operation, example));
    return difference(example.output ?? {}, answer, "the answer");
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** The example's request, on a key of ours that is what the example's key was. */
async function requestOf(
  bench: Bench,
  operation: string,
  { input = {}, output = {} }: Example,
): Promise<Values> {
  const { input: found, subject } = await prepare(bench, operation);
  const prepared: Values = { KeyId: subject.keyId, ...found };
  const request: Record<string, unknown> = { ...(input["KeyId"] === undefined ? {} : prepared) };
  for (const [name, value] of Object.entries(input)) {
    request[name] = OURS.test(name) ? (prepared[name] ?? value) : value;
  }
  const described = output["KeyMetadata"] as Values | undefined;
  if (operation === "DescribeKey" && described !== undefined)
    request["KeyId"] = await keyLike(bench, described);
  if (operation === "GetPublicKey") request["KeyId"] = await keyLike(bench, output);
  const signing = ["Sign", "Verify"].includes(operation);
  if (signing) Object.assign(request, await signedBy(bench, operation));
  if (["GenerateMac", "VerifyMac"].includes(operation)) Object.assign(request, await macBy(bench, operation));
  return request;
}

/** A key of the same spec, usage, and kind. */
async function keyLike(bench: Bench, described: Values): Promise<string> {
  const {
    CustomerMasterKeySpec,
    KeySpec = CustomerMasterKeySpec,
    KeyUsage,
    MultiRegion,
    Description,
  } = described;
  const made = await bench.call("CreateKey", { KeySpec, KeyUsage, MultiRegion, Description });
  return (made["KeyMetadata"] as { readonly KeyId: string }).KeyId;
}

const MESSAGE = new TextEncoder().encode("Hello World");

async function signedBy(bench: Bench, operation: string): Promise<Values> {
  const KeyId = await keyLike(bench, { KeySpec: "ECC_NIST_P384", KeyUsage: "SIGN_VERIFY" });
  const request = { KeyId, Message: MESSAGE, SigningAlgorithm: "ECDSA_SHA_384", MessageType: "RAW" };
  if (operation === "Sign") return request;
  return { ...request, Signature: (await bench.call("Sign", request))["Signature"] };
}

async function macBy(bench: Bench, operation: string): Promise<Values> {
  const KeyId = await keyLike(bench, { KeySpec: "HMAC_384", KeyUsage: "GENERATE_VERIFY_MAC" });
  const request = { KeyId, Message: MESSAGE, MacAlgorithm: "HMAC_SHA_384" };
  if (operation === "GenerateMac") return request;
  return { ...request, Mac: (await bench.call("GenerateMac", request))["Mac"] };
}

/** What the example shows and the answer does not have. */
function difference(expected: unknown, found: unknown, place: string): string | undefined {
  if (found === undefined) return `${place} is missing`;
  if (Array.isArray(expected)) {
    if (!Array.isArray(found)) return `${place} is no list`;
    return expected.length > 0 && found.length > 0
      ? difference(expected[0], found[0], `${place}[0]`)
      : undefined;
  }
  if (typeof expected !== "object" || expected === null) {
    return expected === found
      ? undefined
      : `${place} is ${String(found)}, in the example ${String(expected)}`;
  }
  for (const [name, value] of Object.entries(expected)) {
    const member = (found as Values)[name];
    const at = `${place}.${name}`;
    const wrong =
      member === undefined
        ? `${at} is missing`
        : OWN_VALUES.test(name)
          ? undefined
          : difference(value, member, at);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
