/** Every operation that the KMS has, called once and its answer looked at. Which there are, the KMS itself says. */
import { createKms, ephemeralRootKey, type Kms, type KmsMethods } from "kmslite";
import { CALLS, type Stage } from "./operation-calls.ts";
import { moduleOf, type Platform, same } from "./platform.ts";

/** What a KMS has beside operations. */
const NO_OPERATIONS: Readonly<Record<Exclude<keyof Kms, keyof KmsMethods>, true>> = {
  region: true,
  regions: true,
  account: true,
  as: true,
  in: true,
  requestHandler: true,
  fetchHandler: true,
  auditLog: true,
  diagnose: true,
  iam: true,
  explain: true,
  seed: true,
  rotateDomainKey: true,
  runDueWork: true,
  close: true,
};

/** Fails if an operation is not in the table, if its call there does not call it, or if its answer is wrong. */
export async function operations(platform: Platform): Promise<string> {
  const medium = await platform.stores[0]?.create();
  if (medium === undefined) throw new TypeError("the platform has no store");
  const kms = await createKms({
    root: ephemeralRootKey(),
    store: await medium.open(),
    ...moduleOf(platform),
  });
  const calls: Readonly<Record<string, (stage: Stage) => Promise<readonly [unknown, unknown]>>> = CALLS;
  const complaints: string[] = [];
  const names = operationsOf(kms);
  for (const name of names) {
    try {
      const call = calls[name];
      if (call === undefined) throw new Error("is not in test/runtimes/behaviours/operation-calls.ts");
      const called = new Set<string>();
      const [found, expected] = await call(stageOf(noting(kms, called)));
      same("answer", found, expected);
      if (!called.has(name)) throw new Error("was not called by its own line");
    } catch (error) {
      complaints.push(`${name}: ${String(error)}`);
    }
  }
  await kms.close();
  await medium.dispose();
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
  return `${names.length} operations`;
}

function stageOf(kms: Kms): Stage {
  return {
    kms,
    key: async (input = {}) => {
      const { KeyMetadata } = await kms.createKey(input);
      if (KeyMetadata?.KeyId === undefined) throw new Error("CreateKey gave no key id");
      return KeyMetadata.KeyId;
    },
    refusal: async (call) => {
      const error = await call().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      return error instanceof Error ? error.name : "no refusal";
    },
  };
}

function operationsOf(kms: Kms): string[] {
  return Object.keys(kms).filter((name) => !(name in NO_OPERATIONS));
}

/** The same KMS, noting what is called of it. */
function noting(kms: Kms, called: Set<string>): Kms {
  return new Proxy(kms, {
    get: (target, name) => {
      called.add(String(name));
      return Reflect.get(target, name);
    },
  });
}
