/** The registry: every operation of the API that is served, one line each. */
import { cancelKeyDeletion } from "./cancel-key-deletion.ts";
import { createAlias } from "./create-alias.ts";
import { createKey } from "./create-key.ts";
import { decrypt } from "./decrypt.ts";
import { deleteAlias } from "./delete-alias.ts";
import { describeKey } from "./describe-key.ts";
import { disableKey } from "./disable-key.ts";
import { disableKeyRotation } from "./disable-key-rotation.ts";
import { enableKey } from "./enable-key.ts";
import { enableKeyRotation } from "./enable-key-rotation.ts";
import { encrypt } from "./encrypt.ts";
import { generateDataKey } from "./generate-data-key.ts";
import { generateDataKeyWithoutPlaintext } from "./generate-data-key-without-plaintext.ts";
import { generateRandom } from "./generate-random.ts";
import { getKeyRotationStatus } from "./get-key-rotation-status.ts";
import { listAliases } from "./list-aliases.ts";
import { listKeyRotations } from "./list-key-rotations.ts";
import { listKeys } from "./list-keys.ts";
import { listResourceTags } from "./list-resource-tags.ts";
import { reEncrypt } from "./re-encrypt.ts";
import { rotateKeyOnDemand } from "./rotate-key-on-demand.ts";
import { scheduleKeyDeletion } from "./schedule-key-deletion.ts";
import { tagResource } from "./tag-resource.ts";
import { untagResource } from "./untag-resource.ts";
import { updateAlias } from "./update-alias.ts";
import { updateKeyDescription } from "./update-key-description.ts";

export interface Operations {
  readonly cancelKeyDeletion: typeof cancelKeyDeletion;
  readonly createAlias: typeof createAlias;
  readonly createKey: typeof createKey;
  readonly decrypt: typeof decrypt;
  readonly deleteAlias: typeof deleteAlias;
  readonly describeKey: typeof describeKey;
  readonly disableKeyRotation: typeof disableKeyRotation;
  readonly disableKey: typeof disableKey;
  readonly enableKeyRotation: typeof enableKeyRotation;
  readonly enableKey: typeof enableKey;
  readonly encrypt: typeof encrypt;
  readonly generateDataKeyWithoutPlaintext: typeof generateDataKeyWithoutPlaintext;
  readonly generateDataKey: typeof generateDataKey;
  readonly generateRandom: typeof generateRandom;
  readonly getKeyRotationStatus: typeof getKeyRotationStatus;
  readonly listAliases: typeof listAliases;
  readonly listKeyRotations: typeof listKeyRotations;
  readonly listKeys: typeof listKeys;
  readonly listResourceTags: typeof listResourceTags;
  readonly reEncrypt: typeof reEncrypt;
  readonly rotateKeyOnDemand: typeof rotateKeyOnDemand;
  readonly scheduleKeyDeletion: typeof scheduleKeyDeletion;
  readonly tagResource: typeof tagResource;
  readonly untagResource: typeof untagResource;
  readonly updateAlias: typeof updateAlias;
  readonly updateKeyDescription: typeof updateKeyDescription;
}

/** The operations by the names of the SDK's methods. */
export const operations: Operations = {
  cancelKeyDeletion,
  createAlias,
  createKey,
  decrypt,
  deleteAlias,
  describeKey,
  disableKeyRotation,
  disableKey,
  enableKeyRotation,
  enableKey,
  encrypt,
  generateDataKeyWithoutPlaintext,
  generateDataKey,
  generateRandom,
  getKeyRotationStatus,
  listAliases,
  listKeyRotations,
  listKeys,
  listResourceTags,
  reEncrypt,
  rotateKeyOnDemand,
  scheduleKeyDeletion,
  tagResource,
  untagResource,
  updateAlias,
  updateKeyDescription,
};
