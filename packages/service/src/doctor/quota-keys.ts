/** Keys per account and Region. */
import { type Place, partitionOf } from "../arn.ts";
import type { Limits } from "../limits.ts";
import type { Finding } from "./finding.ts";
import { nearly } from "./near.ts";

/** @param keys how many the account has in the Region */
export function examineQuotaOfKeys(place: Place, keys: number, limits: Limits): Finding[] {
  const resource = `arn:${partitionOf(place.region)}:kms:${place.region}:${place.accountId}:key/*`;
  return nearly(
    "Keys of the account in this Region",
    keys,
    limits.keysPerRegion,
    "Delete keys that nothing uses, or have the quota raised.",
  ).map((symptom) => ({ id: "quota-keys", severity: "warning", resource, ...symptom }));
}
