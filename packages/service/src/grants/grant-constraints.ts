/** What narrows a grant (AWS KMS API Reference, GrantConstraints). */
import { keyArn } from "../arn.ts";
import type { GrantConstraintsRecord, KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { encryptionContext } from "../shapes/common.ts";
import { optional, type Shape, structure, text } from "../shapes/shape.ts";
import { type GrantOperation, takeContext } from "./grant-operations.ts";

export interface GrantConstraints {
  EncryptionContextSubset?: Record<string, string> | undefined;
  EncryptionContextEquals?: Record<string, string> | undefined;
  SourceArn?: string | undefined;
}

/** Pairs of an encryption context that is a constraint, and characters of each value. */
const MAXIMUM_PAIRS = 8;
const MAXIMUM_CHARACTERS = 384;

export const grantConstraints: Shape<GrantConstraints> = structure<GrantConstraints>({
  EncryptionContextSubset: optional(encryptionContext),
  EncryptionContextEquals: optional(encryptionContext),
  SourceArn: optional(
    text({ minimum: 20, maximum: 512, pattern: "^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$" }),
  ),
});

/**
 * The constraints of a request; `undefined` if it has none. An empty encryption context is none.
 *
 * @throws {KmsError} ValidationException
 */
export function constraintsOf(
  key: KeyRecord,
  operations: readonly GrantOperation[],
  constraints: GrantConstraints | undefined,
): GrantConstraintsRecord | undefined {
  const equals = contextOf(constraints?.EncryptionContextEquals);
  const subset = contextOf(constraints?.EncryptionContextSubset);
  const sourceArn = constraints?.SourceArn;
  if (equals !== undefined && subset !== undefined) {
    throw new KmsError(
      "ValidationException",
      "You can specify either EncryptionContextEquals or EncryptionContextSubset, but not both.",
    );
  }
  if ((equals ?? subset) !== undefined && !takeContext(key, operations)) {
    throw new KmsError(
      "ValidationException",
      `Encryption context constraints are not supported for these operations on ${keyArn(key, key.keyId)}.`,
    );
  }
  if (equals === undefined && subset === undefined && sourceArn === undefined) return undefined;
  return {
    ...(equals === undefined ? {} : { encryptionContextEquals: equals }),
    ...(subset === undefined ? {} : { encryptionContextSubset: subset }),
    ...(sourceArn === undefined ? {} : { sourceArn }),
  };
}

/** Constraints as the API tells them. */
export function constraintsEntry(constraints: GrantConstraintsRecord): GrantConstraints {
  const { encryptionContextEquals, encryptionContextSubset, sourceArn } = constraints;
  return {
    ...(encryptionContextEquals === undefined ? {} : { EncryptionContextEquals: encryptionContextEquals }),
    ...(encryptionContextSubset === undefined ? {} : { EncryptionContextSubset: encryptionContextSubset }),
    ...(sourceArn === undefined ? {} : { SourceArn: sourceArn }),
  };
}

/** A context in order of its keys, so that equal requests have equal records; `undefined` if there is nothing in it. */
function contextOf(
  context: Readonly<Record<string, string>> | undefined,
): Record<string, string> | undefined {
  const pairs = Object.entries(context ?? {});
  if (pairs.length === 0) return undefined;
  if (pairs.length > MAXIMUM_PAIRS) {
    throw new KmsError(
      "ValidationException",
      `An encryption context constraint can include up to ${MAXIMUM_PAIRS} pairs; this one has ${pairs.length}.`,
    );
  }
  if (pairs.some(([name, value]) => Math.max(name.length, value.length) > MAXIMUM_CHARACTERS)) {
    throw new KmsError(
      "ValidationException",
      `A key or value of an encryption context constraint cannot exceed ${MAXIMUM_CHARACTERS} characters.`,
    );
  }
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
