/** Policy documents that were parsed before, by their texts: an authorization is no place to parse JSON. */
import { type PolicyDocument, type PolicyKind, parsePolicy } from "@kmslite/policy";

/** A policy, and whether it asks for what only the store knows. */
export interface ParsedPolicy {
  readonly document: PolicyDocument;
  readonly asksStore: boolean;
}

/**
 * Of each kind; those that entered first leave first. A parsed policy takes many times what its text does, and whoever has a key can
 * write as many as they like, so that what counts is the length of all texts together: what fits in takes some 150 MB at worst.
 */
const MAXIMUM_ENTRIES = 1000;
const MAXIMUM_CHARACTERS = 1_048_576;

/** Condition keys whose values are read from the store. */
const STORED = /kms:(?:ResourceAliases|ReEncryptOnSameKey|TrailingDaysWithoutKeyUsage)/i;

interface Known {
  readonly policies: Map<string, ParsedPolicy>;
  /** In the texts of all of them. */
  characters: number;
}

const parsed: Readonly<Record<PolicyKind, Known>> = {
  identity: { policies: new Map(), characters: 0 },
  resource: { policies: new Map(), characters: 0 },
};

/** @throws {PolicyError} if the text is no policy: then nobody is let in by it */
export function parsedPolicy(text: string, kind: PolicyKind): ParsedPolicy {
  const known = parsed[kind];
  const { policies } = known;
  const found = policies.get(text);
  if (found !== undefined) return found;
  const policy = { document: parsePolicy(text, kind), asksStore: STORED.test(text) };
  policies.set(text, policy);
  known.characters += text.length;
  for (const oldest of policies.keys()) {
    if (policies.size <= MAXIMUM_ENTRIES && known.characters <= MAXIMUM_CHARACTERS) break;
    policies.delete(oldest);
    known.characters -= oldest.length;
  }
  return policy;
}
