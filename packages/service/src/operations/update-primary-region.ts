import { keyArn } from "../arn.ts";
import type { Call } from "../call.ts";
import { encodeKey, type KeyRecord, type Row } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { assertState, USABLE } from "../key-state.ts";
import { together } from "../mutations.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { relatedKeys } from "../related-keys.ts";
import { calledOff, planned, rotationOf } from "../schedule/due-work.ts";
import { keyId, region } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";
import { assertMultiRegionPrimary, otherKeys } from "../shared-properties.ts";

export interface UpdatePrimaryRegionRequest {
  KeyId: string | undefined;
  PrimaryRegion: string | undefined;
}

/**
 * Makes a replica the primary key, and the primary key a replica, in one commit: no other call sees the state Updating that
 * both keys pass through at AWS.
 */
export const updatePrimaryRegion: Operation<UpdatePrimaryRegionRequest, object> = keyOperation(
  "UpdatePrimaryRegion",
  {
    input: { KeyId: required(keyId), PrimaryRegion: required(region) },
    allowedIn: USABLE,
    run: async (call, input, key) => {
      assertMultiRegionPrimary(key.value);
      const others = await otherKeys(call.runtime, key.value);
      const successor = others.find(({ value }) => value.region === input.PrimaryRegion);
      if (successor === undefined) {
        const arn = keyArn({ ...key.value, region: input.PrimaryRegion }, key.value.keyId);
        throw new KmsError("NotFoundException", `${arn} is not a replica of ${key.value.keyId}.`);
      }
      await call.allowed(successor, {});
      assertState(successor.value, USABLE);
      await handOver(call, key, successor, others);
      return {};
    },
  },
);

async function handOver(
  call: Call,
  former: Row<KeyRecord>,
  successor: Row<KeyRecord>,
  others: readonly Row<KeyRecord>[],
): Promise<void> {
  const { replicas, ...family } = relatedKeys(former.value);
  const primary = successor.value.region;
  const related = {
    ...family,
    primary,
    replicas: [...replicas.filter((replica) => replica !== primary), former.value.region].sort(),
  };
  await call.commit(
    together(await movedRotation(call, former.value, successor.value), {
      updates: [former, ...others].map(({ record, value }) => ({
        record,
        payload: encodeKey({ ...value, related }),
      })),
    }),
  );
}

/** The automatic rotation of all of them is planned where the primary key is. */
async function movedRotation(call: Call, former: KeyRecord, successor: KeyRecord) {
  const { rotation } = former;
  if (rotation?.scheduled !== true) return {};
  return together(
    await calledOff(call.runtime, rotation.nextAt, rotationOf(former)),
    planned(rotation.nextAt, rotationOf(successor)),
  );
}
