import { NOT_PENDING_DELETION } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { keyId, type Tag, tags } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";
import { withTags } from "../tags.ts";

export interface TagResourceRequest {
  KeyId: string | undefined;
  Tags: Tag[] | undefined;
}

/** Adds tags to a key, or replaces their values. */
export const tagResource: Operation<TagResourceRequest, object> = keyOperation("TagResource", {
  input: { KeyId: required(keyId), Tags: required(tags) },
  allowedIn: NOT_PENDING_DELETION,
  run: async (call, input, key) => {
    const tagged = withTags(key.value.tags, input.Tags, call.runtime.limits);
    await call.updateKey(key, { ...key.value, tags: tagged });
    return {};
  },
});
