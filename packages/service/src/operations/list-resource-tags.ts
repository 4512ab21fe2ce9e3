import { ANY_STATE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { DEFAULT_TAG_LIMIT, type PageResponse, pageOfItems } from "../pagination.ts";
import { keyId, limit, marker, type Tag } from "../shapes/common.ts";
import { optional, required } from "../shapes/shape.ts";

export interface ListResourceTagsRequest {
  KeyId: string | undefined;
  Limit?: number | undefined;
  Marker?: string | undefined;
}

export interface ListResourceTagsResponse extends PageResponse {
  Tags?: Tag[] | undefined;
}

/** Lists the tags of a key. */
export const listResourceTags: Operation<ListResourceTagsRequest, ListResourceTagsResponse> = keyOperation(
  "ListResourceTags",
  {
    input: { KeyId: required(keyId), Limit: optional(limit), Marker: optional(marker) },
    allowedIn: ANY_STATE,
    run: async (_call, input, { value: key }) => {
      const { items, page } = pageOfItems(
        `tags/${key.keyId}`,
        key.tags,
        (tag) => tag.key,
        input,
        DEFAULT_TAG_LIMIT,
      );
      return { Tags: items.map((tag) => ({ TagKey: tag.key, TagValue: tag.value })), ...page };
    },
  },
);
