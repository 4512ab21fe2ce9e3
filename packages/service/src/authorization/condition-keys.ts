/**
 * Condition keys of AWS KMS: what a request, with its defaults, and its key are (Developer Guide, "AWS KMS condition keys").
 *
 * A key has a value only in requests of the actions that have it there.
 */
import { isPrimary } from "../related-keys.ts";
import { ALIAS_ACTIONS, ENCRYPTION_ACTIONS } from "./actions.ts";
import { grantConditionKeys } from "./grant-condition-keys.ts";
import { viaServiceOf } from "./principals.ts";
import { type Question, textIn } from "./question.ts";

/** The value of a condition key, or its values; `undefined` if it is not there. */
export type Reader = (question: Question) => string | readonly string[] | undefined;

/** By their names in lower case. */
export const kmsConditionKeys: Readonly<Record<string, Reader>> = {
  ...grantConditionKeys,
  "kms:bypasspolicylockoutsafetycheck": (question) =>
    member(
      question,
      ["CreateKey", "PutKeyPolicy", "ReplicateKey"],
      "BypassPolicyLockoutSafetyCheck",
      "false",
    ),
  "kms:calleraccount": ({ call }) => call.caller.accountId,
  "kms:customermasterkeyspec": keySpec,
  "kms:customermasterkeyusage": keyUsage,
  "kms:datakeypairspec": (question) =>
    member(question, ["GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"], "KeyPairSpec"),
  "kms:encryptionalgorithm": encryptionAlgorithm,
  "kms:encryptioncontextkeys": (question) => Object.keys(encryptionContextOf(question)),
  "kms:expirationmodel": (question) =>
    member(question, ["ImportKeyMaterial"], "ExpirationModel", "KEY_MATERIAL_EXPIRES"),
  "kms:keyagreementalgorithm": (question) =>
    member(question, ["DeriveSharedSecret"], "KeyAgreementAlgorithm"),
  "kms:keyorigin": (question) => question.key?.origin ?? member(question, ["CreateKey"], "Origin", "AWS_KMS"),
  "kms:keyspec": keySpec,
  "kms:keyusage": keyUsage,
  "kms:macalgorithm": (question) => member(question, ["GenerateMac", "VerifyMac"], "MacAlgorithm"),
  "kms:messagetype": (question) => member(question, ["Sign", "Verify"], "MessageType", "RAW"),
  "kms:multiregion": (question) =>
    question.key === undefined
      ? member(question, ["CreateKey"], "MultiRegion", "false")
      : String(question.key.multiRegion),
  "kms:multiregionkeytype": multiRegionKeyType,
  "kms:primaryregion": (question) => member(question, ["UpdatePrimaryRegion"], "PrimaryRegion"),
  "kms:reencryptonsamekey": ({ facts }) => facts?.sameKey,
  "kms:replicaregion": (question) => member(question, ["ReplicateKey"], "ReplicaRegion"),
  "kms:requestalias": requestAlias,
  "kms:resourcealiases": ({ facts }) => facts?.aliases,
  "kms:rotationperiodindays": (question) =>
    member(question, ["EnableKeyRotation"], "RotationPeriodInDays", "365"),
  "kms:schedulekeydeletionpendingwindowindays": (question) =>
    member(question, ["ScheduleKeyDeletion"], "PendingWindowInDays", "30"),
  "kms:signingalgorithm": (question) => member(question, ["Sign", "Verify"], "SigningAlgorithm"),
  "kms:trailingdayswithoutkeyusage": ({ facts }) => facts?.daysWithoutUse,
  "kms:validto": (question) => member(question, ["ImportKeyMaterial"], "ValidTo"),
  "kms:viaservice": ({ call }) => viaServiceOf(call.caller),
  "kms:wrappingalgorithm": (question) => member(question, ["GetParametersForImport"], "WrappingAlgorithm"),
  "kms:wrappingkeyspec": (question) => member(question, ["GetParametersForImport"], "WrappingKeySpec"),
};

/** The encryption context of the action; empty if the action has none. */
export function encryptionContextOf({ call, action }: Question): Readonly<Record<string, string>> {
  if (!ENCRYPTION_ACTIONS.has(action)) return {};
  const name =
    action === "ReEncryptFrom"
      ? "SourceEncryptionContext"
      : action === "ReEncryptTo"
        ? "DestinationEncryptionContext"
        : "EncryptionContext";
  return (call.request[name] ?? {}) as Readonly<Record<string, string>>;
}

/** A member of the request of some actions. */
function member(
  { call, action }: Question,
  actions: readonly string[],
  name: string,
  otherwise?: string,
): string | undefined {
  if (!actions.includes(action)) return undefined;
  const value = call.request[name];
  if (value === undefined) return otherwise;
  return value instanceof Date ? value.toISOString() : String(value);
}

function keySpec(question: Question): string | undefined {
  if (question.key !== undefined) return question.key.keySpec;
  const former = member(question, ["CreateKey"], "CustomerMasterKeySpec", "SYMMETRIC_DEFAULT");
  return member(question, ["CreateKey"], "KeySpec", former);
}

function keyUsage(question: Question): string | undefined {
  return question.key?.keyUsage ?? member(question, ["CreateKey"], "KeyUsage", "ENCRYPT_DECRYPT");
}

function multiRegionKeyType({ key, call, action }: Question): string | undefined {
  if (key === undefined) {
    return action === "CreateKey" && call.request["MultiRegion"] === true ? "PRIMARY" : undefined;
  }
  if (!key.multiRegion) return undefined;
  return isPrimary(key) ? "PRIMARY" : "REPLICA";
}

function encryptionAlgorithm(question: Question): string | undefined {
  const { action } = question;
  if (!ENCRYPTION_ACTIONS.has(action)) return undefined;
  const name =
    action === "ReEncryptFrom"
      ? "SourceEncryptionAlgorithm"
      : action === "ReEncryptTo"
        ? "DestinationEncryptionAlgorithm"
        : "EncryptionAlgorithm";
  return textIn(question, name) ?? "SYMMETRIC_DEFAULT";
}

/** The alias by which the request names the key, if it does. */
function requestAlias(question: Question): string | undefined {
  const { action } = question;
  if (!ALIAS_ACTIONS.has(action)) return undefined;
  const name =
    action === "ReEncryptFrom" ? "SourceKeyId" : action === "ReEncryptTo" ? "DestinationKeyId" : "KeyId";
  const id = textIn(question, name) ?? "";
  const alias = id.startsWith("arn:") ? id.split(":").slice(5).join(":") : id;
  return alias.startsWith("alias/") ? alias : undefined;
}
