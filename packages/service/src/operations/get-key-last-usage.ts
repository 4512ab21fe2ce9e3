import { ANY_STATE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { keyId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";
import type { TrackedOperation } from "../usage/last-usage.ts";
import { lastUse } from "../usage/last-use.ts";

export interface GetKeyLastUsageRequest {
  KeyId: string | undefined;
}

export interface KeyLastUsageData {
  Operation?: TrackedOperation | undefined;
  Timestamp?: Date | undefined;
  CloudTrailEventId?: string | undefined;
  KmsRequestId?: string | undefined;
}

export interface GetKeyLastUsageResponse {
  KeyId?: string | undefined;
  KeyLastUsage?: KeyLastUsageData | undefined;
  TrackingStartDate?: Date | undefined;
  KeyCreationDate?: Date | undefined;
}

/**
 * Tells when a key was last used for a cryptographic operation that succeeded, and for which; an empty answer if it never was.
 * Uses by other processes may be a minute old before they are told.
 */
export const getKeyLastUsage: Operation<GetKeyLastUsageRequest, GetKeyLastUsageResponse> = keyOperation(
  "GetKeyLastUsage",
  {
    input: { KeyId: required(keyId) },
    allowedIn: ANY_STATE,
    run: async (call, _input, { value: key }) => {
      const last = await lastUse(call.runtime, key);
      return {
        KeyId: key.keyId,
        KeyLastUsage: last === undefined ? {} : { Operation: last.operation, Timestamp: new Date(last.at) },
        TrackingStartDate: new Date(key.createdAt),
        KeyCreationDate: new Date(key.createdAt),
      };
    },
  },
);
