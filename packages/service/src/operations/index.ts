/**
 * The registry: every operation of the API that is served.
 *
 * The symmetric core is loaded with the service; every other operation is one line in {@link onDemand}, and is loaded, with
 * what it imports, when it is first called (docs/decisions/0050-on-demand.md).
 */
import { createKey } from "./create-key.ts";
import { decrypt } from "./decrypt.ts";
import { describeKey } from "./describe-key.ts";
import { disableKeyRotation } from "./disable-key-rotation.ts";
import { enableKeyRotation } from "./enable-key-rotation.ts";
import { encrypt } from "./encrypt.ts";
import { generateDataKey } from "./generate-data-key.ts";
import { generateDataKeyWithoutPlaintext } from "./generate-data-key-without-plaintext.ts";
import { getKeyRotationStatus } from "./get-key-rotation-status.ts";
import { rotateKeyOnDemand } from "./rotate-key-on-demand.ts";

/** Keys, encryption, data keys and rotation: closed, because everybody who embeds the service pays for it. */
export interface CoreOperations {
  readonly createKey: typeof createKey;
  readonly decrypt: typeof decrypt;
  readonly describeKey: typeof describeKey;
  readonly disableKeyRotation: typeof disableKeyRotation;
  readonly enableKeyRotation: typeof enableKeyRotation;
  readonly encrypt: typeof encrypt;
  readonly generateDataKey: typeof generateDataKey;
  readonly generateDataKeyWithoutPlaintext: typeof generateDataKeyWithoutPlaintext;
  readonly getKeyRotationStatus: typeof getKeyRotationStatus;
  readonly rotateKeyOnDemand: typeof rotateKeyOnDemand;
}

/** The operations of the core, by the names of the SDK's methods. */
export const core: CoreOperations = {
  createKey,
  decrypt,
  describeKey,
  disableKeyRotation,
  enableKeyRotation,
  encrypt,
  generateDataKey,
  generateDataKeyWithoutPlaintext,
  getKeyRotationStatus,
  rotateKeyOnDemand,
};

/** The other operations, by the names of the SDK's methods; each module exports its operation under that name. */
// biome-ignore format: one operation, one line
export const onDemand = {
  cancelKeyDeletion: (): Promise<typeof import("./cancel-key-deletion.ts")> => import("./cancel-key-deletion.ts"),
  connectCustomKeyStore: (): Promise<typeof import("./connect-custom-key-store.ts")> => import("./connect-custom-key-store.ts"),
  createAlias: (): Promise<typeof import("./create-alias.ts")> => import("./create-alias.ts"),
  createGrant: (): Promise<typeof import("./create-grant.ts")> => import("./create-grant.ts"),
  createCustomKeyStore: (): Promise<typeof import("./create-custom-key-store.ts")> => import("./create-custom-key-store.ts"),
  decapsulate: (): Promise<typeof import("./decapsulate.ts")> => import("./decapsulate.ts"),
  deleteAlias: (): Promise<typeof import("./delete-alias.ts")> => import("./delete-alias.ts"),
  deleteCustomKeyStore: (): Promise<typeof import("./delete-custom-key-store.ts")> => import("./delete-custom-key-store.ts"),
  deleteImportedKeyMaterial: (): Promise<typeof import("./delete-imported-key-material.ts")> => import("./delete-imported-key-material.ts"),
  deriveSharedSecret: (): Promise<typeof import("./derive-shared-secret.ts")> => import("./derive-shared-secret.ts"),
  describeCustomKeyStores: (): Promise<typeof import("./describe-custom-key-stores.ts")> => import("./describe-custom-key-stores.ts"),
  disableKey: (): Promise<typeof import("./disable-key.ts")> => import("./disable-key.ts"),
  disconnectCustomKeyStore: (): Promise<typeof import("./disconnect-custom-key-store.ts")> => import("./disconnect-custom-key-store.ts"),
  enableKey: (): Promise<typeof import("./enable-key.ts")> => import("./enable-key.ts"),
  encapsulate: (): Promise<typeof import("./encapsulate.ts")> => import("./encapsulate.ts"),
  generateDataKeyPair: (): Promise<typeof import("./generate-data-key-pair.ts")> => import("./generate-data-key-pair.ts"),
  generateDataKeyPairWithoutPlaintext: (): Promise<typeof import("./generate-data-key-pair-without-plaintext.ts")> => import("./generate-data-key-pair-without-plaintext.ts"),
  generateMac: (): Promise<typeof import("./generate-mac.ts")> => import("./generate-mac.ts"),
  generateRandom: (): Promise<typeof import("./generate-random.ts")> => import("./generate-random.ts"),
  getKeyLastUsage: (): Promise<typeof import("./get-key-last-usage.ts")> => import("./get-key-last-usage.ts"),
  getKeyPolicy: (): Promise<typeof import("./get-key-policy.ts")> => import("./get-key-policy.ts"),
  getParametersForImport: (): Promise<typeof import("./get-parameters-for-import.ts")> => import("./get-parameters-for-import.ts"),
  getPublicKey: (): Promise<typeof import("./get-public-key.ts")> => import("./get-public-key.ts"),
  importKeyMaterial: (): Promise<typeof import("./import-key-material.ts")> => import("./import-key-material.ts"),
  listAliases: (): Promise<typeof import("./list-aliases.ts")> => import("./list-aliases.ts"),
  listGrants: (): Promise<typeof import("./list-grants.ts")> => import("./list-grants.ts"),
  listKeyPolicies: (): Promise<typeof import("./list-key-policies.ts")> => import("./list-key-policies.ts"),
  listKeyRotations: (): Promise<typeof import("./list-key-rotations.ts")> => import("./list-key-rotations.ts"),
  listKeys: (): Promise<typeof import("./list-keys.ts")> => import("./list-keys.ts"),
  listResourceTags: (): Promise<typeof import("./list-resource-tags.ts")> => import("./list-resource-tags.ts"),
  replicateKey: (): Promise<typeof import("./replicate-key.ts")> => import("./replicate-key.ts"),
  listRetirableGrants: (): Promise<typeof import("./list-retirable-grants.ts")> => import("./list-retirable-grants.ts"),
  putKeyPolicy: (): Promise<typeof import("./put-key-policy.ts")> => import("./put-key-policy.ts"),
  retireGrant: (): Promise<typeof import("./retire-grant.ts")> => import("./retire-grant.ts"),
  revokeGrant: (): Promise<typeof import("./revoke-grant.ts")> => import("./revoke-grant.ts"),
  reEncrypt: (): Promise<typeof import("./re-encrypt.ts")> => import("./re-encrypt.ts"),
  scheduleKeyDeletion: (): Promise<typeof import("./schedule-key-deletion.ts")> => import("./schedule-key-deletion.ts"),
  sign: (): Promise<typeof import("./sign.ts")> => import("./sign.ts"),
  tagResource: (): Promise<typeof import("./tag-resource.ts")> => import("./tag-resource.ts"),
  untagResource: (): Promise<typeof import("./untag-resource.ts")> => import("./untag-resource.ts"),
  updateAlias: (): Promise<typeof import("./update-alias.ts")> => import("./update-alias.ts"),
  updateCustomKeyStore: (): Promise<typeof import("./update-custom-key-store.ts")> => import("./update-custom-key-store.ts"),
  updateKeyDescription: (): Promise<typeof import("./update-key-description.ts")> => import("./update-key-description.ts"),
  updatePrimaryRegion: (): Promise<typeof import("./update-primary-region.ts")> => import("./update-primary-region.ts"),
  verify: (): Promise<typeof import("./verify.ts")> => import("./verify.ts"),
  verifyMac: (): Promise<typeof import("./verify-mac.ts")> => import("./verify-mac.ts"),
};

type ModuleOf<Name extends keyof typeof onDemand> = Awaited<ReturnType<(typeof onDemand)[Name]>>;

/** Every operation, by the name of the SDK's method. */
export type Operations = CoreOperations & {
  readonly [Name in keyof typeof onDemand]: ModuleOf<Name>[Name & keyof ModuleOf<Name>];
};
