/** What a KMS key is called where it is used, written once for each record that was read and not for each use. */
import { boundResource } from "@kmslite/hierarchy";
import { keyArn, keyResourceId } from "./arn.ts";
import type { KeyRecord } from "./database/records.ts";

export interface KeyNames {
  /** Its ARN. */
  readonly arn: string;
  /** Tells it from all others: its Region and its id. */
  readonly place: string;
  /** What its ciphertext is bound to. */
  readonly resource: Uint8Array;
}

const known = new WeakMap<KeyRecord, KeyNames>();

export function namesOf(key: KeyRecord): KeyNames {
  let names = known.get(key);
  if (names === undefined) {
    const { region, keyId } = key;
    names = {
      arn: keyArn(key, keyId),
      place: `${region}/${keyId}`,
      resource: boundResource(keyResourceId(key, keyId)),
    };
    known.set(key, names);
  }
  return names;
}
