/** The IAM actions of AWS KMS, and what each is about: the Service Authorization Reference as data, or the service's own operations. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadOperations } from "@kmslite/service";
import { VECTORS } from "../conformance/registry.ts";

export interface Action {
  /** Such as `Decrypt`. */
  readonly name: string;
  readonly onKey: boolean;
  readonly onAlias: boolean;
  readonly acrossAccounts: boolean;
}

const FILE = join(VECTORS, "iam/kms-actions.json");

/** AWS KMS Developer Guide, "Permissions reference": cross-account use. */
const ACROSS_ACCOUNTS = new Set([
  "CreateGrant",
  "Decrypt",
  "DeriveSharedSecret",
  "DescribeKey",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateMac",
  "GetKeyRotationStatus",
  "GetPublicKey",
  "ListGrants",
  "ReEncryptFrom",
  "ReEncryptTo",
  "RetireGrant",
  "RevokeGrant",
  "Sign",
  "Verify",
  "VerifyMac",
]);

/** The same page: operations that only IAM policies can allow. */
const ON_NO_KEY = /^(?:CreateKey|GenerateRandom|List(?:Keys|Aliases|RetirableGrants)|\w+CustomKeyStores?)$/;

/** @returns the actions, and where they are from */
export async function actionsOfKms(): Promise<{
  readonly actions: readonly Action[];
  readonly source: string;
}> {
  if (existsSync(FILE)) {
    const entries = Object.values(JSON.parse(readFileSync(FILE, "utf8")) as Record<string, Entry>);
    const actions = entries.map(({ name, resourceTypes }): Action => {
      const has = (wanted: string) => resourceTypes.some((type) => type.name === wanted);
      return { name, onKey: has("key"), onAlias: has("alias"), acrossAccounts: ACROSS_ACCOUNTS.has(name) };
    });
    return { actions, source: "vectors/iam/kms-actions.json" };
  }
  const operations = (await loadOperations()).map(({ name }) => name).filter((name) => name !== "ReEncrypt");
  const names = [...operations, "ReEncryptFrom", "ReEncryptTo", "SynchronizeMultiRegionKey"];
  const actions = names.map(
    (name): Action => ({
      name,
      onKey: !ON_NO_KEY.test(name),
      onAlias: /Alias$/.test(name),
      acrossAccounts: ACROSS_ACCOUNTS.has(name),
    }),
  );
  return { actions, source: "the service's operations (skipped: vectors/iam/kms-actions.json is not there)" };
}

interface Entry {
  readonly name: string;
  readonly resourceTypes: readonly { readonly name: string }[];
}
