import { NOT_PENDING_DELETION } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { keyId, tagKey } from "../shapes/common.ts";
import { listOf, required } from "../shapes/shape.ts";
import { assertNotReserved } from "../tags.ts";

export interface UntagResourceRequest {
  KeyId: string | undefined;
  TagKeys: string[] | undefined;
}

/** Takes tags from a key; a tag that it does not have is no error. */
export const untagResource: Operation<UntagResourceRequest, object> = keyOperation("UntagResource", {
  input: { KeyId: required(keyId), TagKeys: required(listOf(tagKey)) },
  allowedIn: NOT_PENDING_DELETION,
  run: async (call, input, key) => {
    assertNotReserved(input.TagKeys);
    const tags = key.value.tags.filter((tag) => !input.TagKeys.includes(tag.key));
    if (tags.length < key.value.tags.length) await call.updateKey(key, { ...key.value, tags });
    return {};
  },
});
