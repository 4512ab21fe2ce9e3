/** The tags of a key, and the rules for them. */
import type { TagRecord } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { Tag } from "./shapes/common.ts";

/**
 * Tags with others added or replaced, in order of their keys.
 *
 * @throws {KmsError} TagException for reserved, repeated or too many keys in one request, LimitExceededException if the
 *   key would have too many
 */
export function withTags(
  tags: readonly TagRecord[],
  added: readonly Tag[],
  limits: Pick<Limits, "tagsPerKey">,
): readonly TagRecord[] {
  assertTags(added, limits);
  const result = new Map(tags.map((tag) => [tag.key, tag.value]));
  for (const { TagKey = "", TagValue = "" } of added) result.set(TagKey, TagValue);
  if (result.size > limits.tagsPerKey) {
    throw new KmsError("LimitExceededException", `A KMS key can have at most ${limits.tagsPerKey} tags`);
  }
  return [...result]
    .map(([key, value]) => ({ key, value }))
    .sort((left, right) => (left.key < right.key ? -1 : 1));
}

function assertTags(tags: readonly Tag[], limits: Pick<Limits, "tagsPerKey">): void {
  const keys = tags.map((tag) => tag.TagKey ?? "");
  if (new Set(keys).size < keys.length) throw new KmsError("TagException", "Duplicate tag keys");
  if (keys.length > limits.tagsPerKey) throw new KmsError("TagException", "Too many tags");
  assertNotReserved(keys);
}

/** @throws {KmsError} TagException for keys that AWS keeps for itself */
export function assertNotReserved(keys: readonly string[]): void {
  if (keys.some((key) => key.toLowerCase().startsWith("aws:"))) {
    throw new KmsError("TagException", "Tags beginning with aws: are reserved");
  }
}
