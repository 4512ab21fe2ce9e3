/** What a KMS key is called where it is used, written once for each record that was read and not for each use. */
import { boundResource } from "@kmslite/hierarchy";
import { keyArn, keyResourceId } from "./arn.ts";
import type { KeyRecord } from "./database/records.ts";

export interface KeyNames {
  /** Its ARN. */
  readonly arn: string;
  /** What its ciphertext is bound to. */
  readonly resource: Uint8Array;
}

const known = new WeakMap<KeyRecord, KeyNames>();

export function namesOf(key: KeyRecord): KeyNames {
  let names = known.get(key);
  if (names === undefined) {
    names = { arn: keyArn(key, key.keyId), resource: boundResource(keyResourceId(key, key.keyId)) };
    known.set(key, names);
  }
  return names;
}
