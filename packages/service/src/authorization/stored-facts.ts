/** Condition keys whose values stand in the store: read before the decision, for policies that ask for one of them. */
import { parseBlobHeader } from "@kmslite/hierarchy";
import { keyAliasKey, under } from "../database/keys.ts";
import { type AliasRecord, decode } from "../database/records.ts";
import type { Question } from "./question.ts";

export interface StoredFacts {
  /** Of the key. */
  readonly aliases: readonly string[];
  /** Whether ReEncrypt has the same key on both sides; absent from other operations. */
  readonly sameKey?: string;
  /** Whole days since the key was used last, or made. */
  readonly daysWithoutUse?: string;
}

const DAY = 86_400_000;

export async function storedFacts(question: Question): Promise<StoredFacts> {
  const sameKey = await isSameKey(question);
  const daysWithoutUse = await daysSinceUse(question);
  return {
    aliases: await aliasesOf(question),
    ...(sameKey === undefined ? {} : { sameKey }),
    ...(daysWithoutUse === undefined ? {} : { daysWithoutUse }),
  };
}

async function aliasesOf({ call, key }: Question): Promise<readonly string[]> {
  if (key === undefined) return [];
  const { records } = call.runtime.database;
  const listed = await records.list({ ...under(keyAliasKey(key.region, key.keyId, "alias/")), limit: 1000 });
  return listed.map((record) => decode<AliasRecord>(record).value.name);
}

/** The other key of ReEncrypt: the one that the request names, or the one that the ciphertext does. */
async function isSameKey({ call, action, key }: Question): Promise<string | undefined> {
  if (action !== "ReEncryptFrom" && action !== "ReEncryptTo") return undefined;
  const { DestinationKeyId, SourceKeyId, CiphertextBlob } = call.request;
  const named = action === "ReEncryptFrom" ? DestinationKeyId : SourceKeyId;
  let other: string | undefined;
  try {
    if (typeof named === "string") {
      other = (await call.locateKey(named, { alias: true, lately: true })).value.keyId;
    } else if (CiphertextBlob instanceof Uint8Array) other = parseBlobHeader(CiphertextBlob).keyId;
  } catch {
    // What names no key is refused later, in its own words: until then it is another key.
  }
  return String(other === key?.keyId);
}

async function daysSinceUse({ call, action, key }: Question): Promise<string | undefined> {
  if (key === undefined || (action !== "DisableKey" && action !== "ScheduleKeyDeletion")) return undefined;
  const { lastUse } = await import("../usage/last-use.ts");
  const at = (await lastUse(call.runtime, key))?.at ?? key.createdAt;
  return String(Math.max(0, Math.floor((call.now - at) / DAY)));
}
