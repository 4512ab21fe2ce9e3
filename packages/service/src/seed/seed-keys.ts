/** The keys of a seed as records: checked, compared with what the store holds, made. */
import { isKeyId } from "@kmslite/hierarchy";
import type { Mutation } from "@kmslite/store/authenticated";
import type { Call } from "../call.ts";
import { accountKeyKey, keyKey, materialPrefix, under } from "../database/keys.ts";
import { decode, encodeKey, type KeyRecord, type MaterialRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { type BroughtMaterial, examineMaterial } from "../import/brought-material.ts";
import { inStateOfMaterial } from "../imported-materials.ts";
import { algorithmsOf } from "../key-specs.ts";
import { together } from "../mutations.ts";
import { parsePolicyDocument } from "../policies/policy-document.ts";
import { withMaterial } from "../rotation.ts";
import type { Runtime } from "../runtime.ts";
import { planned, rotationOf } from "../schedule/due-work.ts";
import { KEY_SPECS, type KeySpec, type KeyUsageType } from "../shapes/key-types.ts";
import { withTags } from "../tags.ts";
import type { SeedKey } from "./seed.ts";

/** A key is made in one commit of at most 100 records, of which each version of its material takes up to four. */
const MAXIMUM_MATERIALS = 20;

const PERIOD_IN_DAYS = 365;

/** A key of a seed, checked, with what its material says. */
export interface PreparedKey {
  readonly seed: SeedKey;
  readonly record: KeyRecord;
  readonly brought: readonly BroughtMaterial[];
}

/** @throws {KmsError} ValidationException and others, for a key that can't be */
export async function preparedKey(call: Call, seed: SeedKey): Promise<PreparedKey> {
  const { keyId, keySpec = "SYMMETRIC_DEFAULT", origin = "AWS_KMS", material } = seed;
  if (!isKeyId(keyId)) refuse(`'${keyId}' is no key id`);
  if (!KEY_SPECS.includes(keySpec)) refuse(`${keyId} has the unknown KeySpec ${String(keySpec)}`);
  const keyUsage = usageOf(seed, keySpec);
  if (origin !== "AWS_KMS" && origin !== "EXTERNAL") refuse(`${keyId} has the origin ${String(origin)}`);
  if (material.length > (keySpec === "SYMMETRIC_DEFAULT" ? MAXIMUM_MATERIALS : 1)) {
    refuse(`${keyId} has ${material.length} versions of its material, which are too many for ${keySpec}`);
  }
  if (material.length === 0 && origin !== "EXTERNAL") refuse(`${keyId} has no material`);
  if (seed.policy !== undefined) parsePolicyDocument(seed.policy);
  const brought = await Promise.all(material.map((bytes) => examineMaterial({ keySpec, keyId }, bytes)));
  const tags = Object.entries(seed.tags ?? {}).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const record: KeyRecord = {
    accountId: call.caller.accountId,
    region: call.caller.region,
    keyId,
    keySpec,
    keyUsage,
    origin,
    state: seed.enabled === false ? "Disabled" : "Enabled",
    description: seed.description ?? "",
    createdAt: call.now,
    multiRegion: keyId.startsWith("mrk-"),
    tags: withTags([], tags, call.runtime.limits),
    ...(seed.policy === undefined ? {} : { policy: seed.policy }),
    keyMaterialId: "",
    materialCount: 0,
    onDemandRotations: 0,
  };
  return { seed, record, brought };
}

/** How the store's key differs from the seed's; `undefined` if there is none, or it does not. Its state is its own by now. */
export async function disagreement(
  runtime: Runtime,
  { record, brought }: PreparedKey,
  found: KeyRecord,
): Promise<string | undefined> {
  const compared = ["accountId", "keySpec", "keyUsage", "origin", "description", "policy", "tags"] as const;
  const different = compared.find((name) => JSON.stringify(record[name]) !== JSON.stringify(found[name]));
  if (different !== undefined) return `${record.keyId} has another ${different}`;
  const ids = await materialIds(runtime, found);
  // A key that was rotated since has more.
  const same = brought.every(({ keyMaterialId }, index) => ids[index] === keyMaterialId);
  return same ? undefined : `${record.keyId} has other key material`;
}

/** Makes a key with all its material; `false` if somebody else made it at the same time. */
export async function makeKey(call: Call, { seed, record, brought }: PreparedKey): Promise<boolean> {
  const parts: Mutation[] = [];
  let key = record;
  for (const [index, { keyMaterialId, publicKey }] of brought.entries()) {
    const bytes = seed.material[index] as Uint8Array;
    const made = call.runtime.backingKeys.keep(key, keyMaterialId, bytes, publicKey);
    if (record.origin === "EXTERNAL") {
      parts.push(made.mutation);
      const rotated = index === 0 ? {} : { rotatedAt: call.now };
      const imported = [...(key.imported ?? []), { keyMaterialId, present: true, ...rotated }];
      key = { ...key, imported, keyMaterialId, materialCount: index + 1 };
    } else {
      const next = withMaterial(key, made, index === 0 ? undefined : "ON_DEMAND", call.now);
      parts.push(next.mutation);
      key = next.key;
    }
  }
  if (record.origin === "EXTERNAL") {
    const inState = inStateOfMaterial(key);
    key = inState.state === "Enabled" ? { ...inState, state: record.state } : inState;
  }
  if (seed.nextRotation !== undefined) {
    const nextAt = seed.nextRotation.getTime();
    key = { ...key, rotation: { periodInDays: PERIOD_IN_DAYS, nextAt, scheduled: true } };
    parts.push(planned(nextAt, rotationOf(key)));
  }
  const inserts = [
    { key: keyKey(key.region, key.keyId), payload: encodeKey(key) },
    { key: accountKeyKey(key, key.keyId), payload: new Uint8Array(0) },
  ];
  return call.runtime.commit(withoutRepeats(together(...parts, { inserts })));
}

/** Each version of the material holds the keyring still; once is enough for a commit. */
function withoutRepeats(mutation: Mutation): Mutation {
  return { ...mutation, unchanged: [...new Set(mutation.unchanged ?? [])] };
}

async function materialIds(runtime: Runtime, key: KeyRecord): Promise<readonly string[]> {
  if (key.imported !== undefined) return key.imported.map(({ keyMaterialId }) => keyMaterialId);
  const listed = await runtime.database.records.list({ ...under(materialPrefix(key)), limit: 1000 });
  return listed.map((record) => decode<MaterialRecord>(record).value.keyMaterialId);
}

function usageOf({ keyId, keyUsage }: SeedKey, keySpec: KeySpec): KeyUsageType {
  const usages = Object.keys(algorithmsOf(keySpec)) as KeyUsageType[];
  const [only, ...others] = usages;
  if (keyUsage === undefined && only !== undefined && others.length === 0) return only;
  if (keyUsage === undefined) return refuse(`${keyId} needs a KeyUsage: ${usages.join(" or ")}`);
  return usages.includes(keyUsage) ? keyUsage : refuse(`${keyId}: a ${keySpec} key is not for ${keyUsage}`);
}

/** @throws {KmsError} ValidationException */
export function refuse(what: string): never {
  throw new KmsError("ValidationException", `The seed is not valid: ${what}.`);
}
