/** Policy documents that were parsed before, by their texts: an authorization is no place to parse JSON. */
import { type PolicyDocument, type PolicyKind, parsePolicy } from "@kmslite/policy";

/** A policy, and whether it asks for what only the store knows. */
export interface ParsedPolicy {
  readonly document: PolicyDocument;
  readonly asksStore: boolean;
}

/** A key policy has up to 32 KiB; those that entered first leave first. */
const MAXIMUM_ENTRIES = 1000;

/** Condition keys whose values are read from the store. */
const STORED = /kms:(?:ResourceAliases|ReEncryptOnSameKey|TrailingDaysWithoutKeyUsage)/i;

const parsed: Readonly<Record<PolicyKind, Map<string, ParsedPolicy>>> = {
  identity: new Map(),
  resource: new Map(),
};

/** @throws {PolicyError} if the text is no policy: then nobody is let in by it */
export function parsedPolicy(text: string, kind: PolicyKind): ParsedPolicy {
  const known = parsed[kind];
  const found = known.get(text);
  if (found !== undefined) return found;
  const policy = { document: parsePolicy(text, kind), asksStore: STORED.test(text) };
  known.set(text, policy);
  if (known.size > MAXIMUM_ENTRIES) {
    const [oldest] = known.keys();
    if (oldest !== undefined) known.delete(oldest);
  }
  return policy;
}
