import { keyArn } from "../arn.ts";
import type { Call } from "../call.ts";
import type { ImportedMaterial, KeyRecord, Row } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { type BroughtMaterial, examineMaterial } from "../import/brought-material.ts";
import { movedExpiry } from "../import/expiry.ts";
import { openImportToken } from "../import/import-tokens.ts";
import { keptMaterial } from "../import/kept-material.ts";
import { unwrapMaterial } from "../import/wrapping-keys.ts";
import { inStateOfMaterial, pendingMaterial } from "../imported-materials.ts";
import { together } from "../mutations.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { isPrimary } from "../related-keys.ts";
import { DAY } from "../schedule/due-work.ts";
import { ciphertext, keyId, keyMaterialId } from "../shapes/common.ts";
import { oneOf, optional, required, text, timestamp, type Validated } from "../shapes/shape.ts";

export type ExpirationModelType = "KEY_MATERIAL_EXPIRES" | "KEY_MATERIAL_DOES_NOT_EXPIRE";

export interface ImportKeyMaterialRequest {
  KeyId: string | undefined;
  ImportToken: Uint8Array | undefined;
  EncryptedKeyMaterial: Uint8Array | undefined;
  ValidTo?: Date | undefined;
  ExpirationModel?: ExpirationModelType | undefined;
  ImportType?: "NEW_KEY_MATERIAL" | "EXISTING_KEY_MATERIAL" | undefined;
  KeyMaterialDescription?: string | undefined;
  KeyMaterialId?: string | undefined;
}

export interface ImportKeyMaterialResponse {
  KeyId?: string | undefined;
  KeyMaterialId?: string | undefined;
}

/** The longest time for which material may be imported, in days. */
const LONGEST_VALIDITY = 365;

/**
 * Imports material, wrapped under the public key of the token: the first material of a key, the same material again, or, for a
 * symmetric key, new material that waits for a rotation.
 */
export const importKeyMaterial: Operation<ImportKeyMaterialRequest, ImportKeyMaterialResponse> = keyOperation(
  "ImportKeyMaterial",
  {
    input: {
      KeyId: required(keyId),
      ImportToken: required(ciphertext),
      EncryptedKeyMaterial: required(ciphertext),
      ValidTo: optional(timestamp),
      ExpirationModel: optional(oneOf(["KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"])),
      ImportType: optional(oneOf(["NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"])),
      KeyMaterialDescription: optional(text({ maximum: 256, pattern: "^[a-zA-Z0-9:/_\\s.-]+$" })),
      KeyMaterialId: optional(keyMaterialId),
    },
    origins: ["EXTERNAL"],
    allowedIn: ["Enabled", "Disabled", "PendingImport", "Updating"],
    run: async (call, input, key) => {
      assertForSymmetric(key.value, input);
      const validTo = validToOf(input, call.now);
      const arn = keyArn(key.value, key.value.keyId);
      const wrappingKeyId = openImportToken(call.runtime.database, input.ImportToken, arn, call.now);
      const material = await unwrapMaterial(
        call.runtime,
        key.value,
        wrappingKeyId,
        input.EncryptedKeyMaterial,
      );
      try {
        const brought = await examineMaterial(key.value, material);
        assertExpected(key.value, brought.keyMaterialId, input);
        await keep(call, key, brought, material, { validTo, description: input.KeyMaterialDescription });
        const isSymmetric = key.value.keySpec === "SYMMETRIC_DEFAULT";
        return { KeyId: arn, ...(isSymmetric ? { KeyMaterialId: brought.keyMaterialId } : {}) };
      } finally {
        material.fill(0);
      }
    },
  },
);

async function keep(
  call: Call,
  key: Row<KeyRecord>,
  brought: BroughtMaterial,
  material: Uint8Array,
  { validTo, description }: { validTo: number | undefined; description: string | undefined },
): Promise<void> {
  const { imported = [], ...rest } = key.value;
  const former = imported.find((one) => one.keyMaterialId === brought.keyMaterialId);
  const { validTo: formerValidTo, ...known } = former ?? { keyMaterialId: brought.keyMaterialId };
  const now: ImportedMaterial = {
    ...known,
    present: true,
    ...(description === undefined ? {} : { description }),
    ...(validTo === undefined ? {} : { validTo }),
  };
  const first = rest.keyMaterialId === "";
  const value = inStateOfMaterial({
    ...rest,
    ...(first ? { keyMaterialId: brought.keyMaterialId, materialCount: 1 } : {}),
    imported: former === undefined ? [...imported, now] : imported.map((one) => (one === former ? now : one)),
  });
  const kept = await keptMaterial(call.runtime, value, brought, material);
  const expiry = await movedExpiry(call.runtime, value, brought.keyMaterialId, formerValidTo, validTo);
  await call.updateKey(key, value, together(kept, expiry));
}

/** @throws {KmsError} UnsupportedOperationException for what only symmetric keys have, and what replicas have not */
function assertForSymmetric(key: KeyRecord, input: Validated<ImportKeyMaterialRequest>): void {
  const named = [input.ImportType, input.KeyMaterialDescription, input.KeyMaterialId];
  if (key.keySpec !== "SYMMETRIC_DEFAULT" && named.some((member) => member !== undefined)) {
    throw new KmsError(
      "UnsupportedOperationException",
      "ImportType, KeyMaterialDescription and KeyMaterialId are valid for symmetric encryption keys only.",
    );
  }
  if (input.ImportType === "NEW_KEY_MATERIAL" && input.KeyMaterialId !== undefined) {
    throw new KmsError(
      "ValidationException",
      "KeyMaterialId cannot be specified if the ImportType is NEW_KEY_MATERIAL.",
    );
  }
  if (input.ImportType === "NEW_KEY_MATERIAL" && !isPrimary(key)) {
    throw new KmsError(
      "UnsupportedOperationException",
      `${keyArn(key, key.keyId)} is a multi-Region replica key: new key material is imported into its primary key first.`,
    );
  }
}

/** When the material shall expire; @throws {KmsError} ValidationException */
function validToOf({ ValidTo, ExpirationModel }: Validated<ImportKeyMaterialRequest>, now: number) {
  const expires = ExpirationModel !== "KEY_MATERIAL_DOES_NOT_EXPIRE";
  if (expires !== (ValidTo !== undefined)) {
    throw new KmsError(
      "ValidationException",
      expires
        ? "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES."
        : "A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE.",
    );
  }
  const validTo = ValidTo?.getTime();
  if (validTo !== undefined && (validTo <= now || validTo > now + LONGEST_VALIDITY * DAY)) {
    throw new KmsError(
      "ValidationException",
      `The validTo date must be in the future and at most ${LONGEST_VALIDITY} days from now.`,
    );
  }
  return validTo;
}

/**
 * Checks that the material is what the caller said and what the key may have.
 *
 * @throws {KmsError} IncorrectKeyMaterialException; KMSInvalidStateException if other material waits for a rotation already
 */
function assertExpected(
  key: KeyRecord,
  materialId: string,
  { ImportType, KeyMaterialId }: Validated<ImportKeyMaterialRequest>,
): void {
  const known = key.imported?.some((one) => one.keyMaterialId === materialId) === true;
  const pending = pendingMaterial(key);
  const isNew =
    (ImportType ?? (key.keyMaterialId === "" ? "NEW_KEY_MATERIAL" : undefined)) === "NEW_KEY_MATERIAL";
  if (KeyMaterialId !== undefined && KeyMaterialId !== materialId) {
    throw incorrect("The key material is not the one that KeyMaterialId names.");
  }
  if (!isNew && !known) throw incorrect("The key material has not been imported into this key before.");
  if (isNew && known && pending?.keyMaterialId !== materialId) {
    throw incorrect("The key material is associated with this key already.");
  }
  if (isNew && pending !== undefined && pending.keyMaterialId !== materialId) {
    throw new KmsError(
      "KMSInvalidStateException",
      `${keyArn(key, key.keyId)} has key material that is pending rotation.`,
    );
  }
}

function incorrect(message: string): KmsError {
  return new KmsError("IncorrectKeyMaterialException", message);
}
