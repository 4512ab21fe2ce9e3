/**
 * Conformance family `kms-model`: what the served operations take and answer is what AWS's API model says (2014-11-01).
 *
 * A case is one member of a request (its type, whether it is required, and all constraints, nested ones too), or the answer of
 * an operation: what the service returns to a valid request has the members, types and constraints of the model.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type AnyOperation, loadOperations } from "@kmslite/service";
import { absentResult, countedResult, type Family } from "../result.ts";
import { type ApiModel, readApiModel, shapeNamed } from "./api-model.ts";
import { memberDifference, namesOf } from "./input-shapes.ts";
import { type Bench, enclave, openBench } from "./key-in-state.ts";
import { valueFault } from "./output-shapes.ts";
import { makeSubject, REQUESTS, type Subject } from "./subject.ts";

const FILE = "kms/service-2.json";

/** Operations that the key-state matrix does not have. */
export const MORE_REQUESTS: Readonly<Record<string, (subject: Subject) => readonly object[]>> = {
  ConnectCustomKeyStore: ({ keyStoreId }) => [{ CustomKeyStoreId: keyStoreId }],
  CreateCustomKeyStore: ({ newKeyStore }) => [newKeyStore],
  CreateKey: () => [{}, { Description: "a", MultiRegion: true, Tags: [{ TagKey: "a", TagValue: "" }] }],
  Decapsulate: ({ keyId, given }) => [
    { KeyId: keyId, SharedSecretCiphertextBlob: given, EncapsulationAlgorithm: "ML_KEM" },
  ],
  DeleteCustomKeyStore: ({ keyStoreId }) => [{ CustomKeyStoreId: keyStoreId }],
  DescribeCustomKeyStores: ({ keyStoreId }) => [{ CustomKeyStoreId: keyStoreId }, { Limit: 1 }],
  DeriveSharedSecret: ({ keyId, given }) => [
    { KeyId: keyId, PublicKey: given, KeyAgreementAlgorithm: "ECDH" },
    { KeyId: keyId, PublicKey: given, KeyAgreementAlgorithm: "ECDH", Recipient: enclave() },
  ],
  DisconnectCustomKeyStore: ({ keyStoreId }) => [{ CustomKeyStoreId: keyStoreId }],
  Encapsulate: ({ keyId }) => [{ KeyId: keyId, EncapsulationAlgorithm: "ML_KEM" }],
  GenerateRandom: () => [{ NumberOfBytes: 1024 }, { NumberOfBytes: 1024, Recipient: enclave() }],
  ListKeyRotations: ({ keyId }) => [
    { KeyId: keyId },
    { KeyId: keyId, IncludeKeyMaterial: "ALL_KEY_MATERIAL" },
  ],
  GetKeyLastUsage: ({ keyId }) => [{ KeyId: keyId }],
  ListRetirableGrants: () => [{ RetiringPrincipal: "arn:aws:iam::111122223333:role/app", Limit: 1 }],
  ListKeys: () => [{ Limit: 1 }, {}],
  RotateKeyOnDemand: ({ keyId }) => [{ KeyId: keyId }],
  UpdateCustomKeyStore: ({ keyStoreId }) => [
    { CustomKeyStoreId: keyStoreId, NewCustomKeyStoreName: `renamed ${keyStoreId}` },
  ],
};

/** What has to be done to a key before an operation on it succeeds. */
export const BEFORE: Readonly<Record<string, readonly string[]>> = {
  CancelKeyDeletion: ["ScheduleKeyDeletion"],
  DisconnectCustomKeyStore: ["ConnectCustomKeyStore"],
  GetKeyRotationStatus: ["EnableKeyRotation"],
  ListKeyRotations: ["RotateKeyOnDemand"],
};

interface Outcome {
  readonly id: string;
  readonly wrong: string | undefined;
}

export const kmsModel: Family = {
  id: "kms-model",
  run: async (vectors) => {
    const path = join(vectors, FILE);
    if (!existsSync(path)) return [absentResult("kms-model", "service", [FILE])];
    const model = readApiModel(path);
    const operations = await loadOperations();
    // The model has 54 of the 56: ML-KEM came later. The types of those two are held to the SDK's, as are all others.
    const served = operations.filter(({ name }) => model.operations[name] !== undefined);
    const outcomes = served.flatMap((operation) => inputOutcomes(model, operation));
    const bench = await openBench();
    try {
      for (const { name } of served)
        outcomes.push({ id: `${name} answer`, wrong: await answerFault(model, bench, name) });
    } finally {
      await bench.close();
    }
    const failures = outcomes
      .filter(({ wrong }) => wrong !== undefined)
      .map(({ id, wrong }) => `${id} ${wrong}`);
    const unserved = Object.keys(model.operations).filter((name) => !served.some((one) => one.name === name));
    const reasons: readonly (readonly [string, number])[] = [
      ["operations that are not served yet", unserved.length],
      ["operations that are newer than the model", operations.length - served.length],
    ];
    const skipped = new Map(reasons.filter(([, count]) => count > 0));
    return [countedResult("kms-model", "service", outcomes.length, failures, skipped)];
  },
};

function inputOutcomes(model: ApiModel, { name, input }: AnyOperation): readonly Outcome[] {
  const reference = model.operations[name];
  if (reference === undefined) return [{ id: name, wrong: "is not in the model" }];
  const structure = shapeNamed(model, reference.input?.shape ?? "");
  return namesOf(structure.members, input.members).map((member) => ({
    id: `${name}.${member}`,
    wrong: memberDifference(model, structure, member, input.members[member]),
  }));
}

/** What is wrong with an answer of the operation, or `undefined`. Every request gets a key of its own. */
async function answerFault(model: ApiModel, bench: Bench, name: string): Promise<string | undefined> {
  const requests = REQUESTS[name] ?? MORE_REQUESTS[name];
  if (requests === undefined) return "was not asked for: this family has no request";
  let index = 0;
  for (;;) {
    const subject = await makeSubject(bench, name);
    const request = requests(subject)[index];
    if (request === undefined) return undefined;
    for (const before of BEFORE[name] ?? []) {
      await bench.call(before, (REQUESTS[before] ?? MORE_REQUESTS[before])?.(subject)[0] ?? {});
    }
    const answer = await bench.call(name, request);
    const output = model.operations[name]?.output?.shape;
    const members = Object.keys(answer).length;
    // Operations without an output shape answer with nothing.
    const fault =
      output === undefined ? (members === 0 ? undefined : "has members") : valueFault(model, output, answer);
    if (fault !== undefined) return fault;
    index += 1;
  }
}
