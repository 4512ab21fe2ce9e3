/** The tags of a key, and the rules for them. */
import type { TagRecord } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { Tag } from "./shapes/common.ts";

/**
 * Tags with others added or replaced, in order of their keys.
 *
 * @throws {KmsError} TagException for a reserved or repeated key, LimitExceededException for too many tags
 */
export function withTags(
  tags: readonly TagRecord[],
  added: readonly Tag[],
  limits: Pick<Limits, "tagsPerKey">,
): readonly TagRecord[] {
  const result = new Map(tags.map((tag) => [tag.key, tag.value]));
  const seen = new Set<string>();
  for (const { TagKey = "", TagValue = "" } of added) {
    if (TagKey.toLowerCase().startsWith("aws:")) {
      throw new KmsError("TagException", "aws: prefixed tag key names are not allowed for external use.");
    }
    if (seen.has(TagKey)) throw new KmsError("TagException", "Duplicate tag keys");
    seen.add(TagKey);
    result.set(TagKey, TagValue);
  }
  if (result.size > limits.tagsPerKey) {
    throw new KmsError("LimitExceededException", `A KMS key can have at most ${limits.tagsPerKey} tags`);
  }
  return [...result]
    .map(([key, value]) => ({ key, value }))
    .sort((left, right) => (left.key < right.key ? -1 : 1));
}
