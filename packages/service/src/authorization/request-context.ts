/**
 * The condition keys of a request, each found when a policy asks for it: most policies ask for none or one of some sixty.
 *
 * Names of condition keys come in lower case, those of tags and of an encryption context with them: their case does not matter.
 */
import type { Context } from "@kmslite/policy";
import { attestationConditions } from "../recipient/condition-keys.ts";
import { encryptionContextOf, kmsConditionKeys, type Reader } from "./condition-keys.ts";
import { globalConditionKeys, requestTags } from "./global-condition-keys.ts";
import { constraintsIn } from "./grant-condition-keys.ts";
import type { Question } from "./question.ts";

const readers: ReadonlyMap<string, Reader> = new Map(
  Object.entries({ ...kmsConditionKeys, ...globalConditionKeys }),
);

type Pairs = (question: Question) => readonly (readonly [string, string])[];

/** Families of condition keys: what follows the prefix names a pair. */
const families: readonly (readonly [string, Pairs])[] = [
  ["kms:encryptioncontext:", (question) => Object.entries(contextOrConstraint(question))],
  ["kms:recipientattestation:", attested],
  ["aws:resourcetag/", ({ key }) => (key?.tags ?? []).map((tag) => [tag.key, tag.value])],
  ["aws:requesttag/", requestTags],
  ["aws:principaltag/", ({ call }) => Object.entries(call.caller.identity?.tags ?? {})],
];

export class RequestContext implements Context {
  readonly #question: Question;

  constructor(question: Question) {
    this.#question = question;
  }

  get(name: string): readonly string[] | undefined {
    const found = readers.get(name)?.(this.#question) ?? this.#inFamily(name);
    return typeof found === "string" ? [found] : found;
  }

  #inFamily(name: string): readonly string[] | undefined {
    for (const [prefix, pairs] of families) {
      if (!name.startsWith(prefix)) continue;
      const wanted = name.slice(prefix.length);
      return pairs(this.#question).flatMap(([key, value]) => (key.toLowerCase() === wanted ? value : []));
    }
    return undefined;
  }
}

/** A grant that is constrained to an encryption context is judged as a use with it. */
function contextOrConstraint(question: Question): Readonly<Record<string, string>> {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = constraintsIn(question);
  return equals ?? subset ?? encryptionContextOf(question);
}

/** What the attestation document of the request says, by the names without their prefix. */
function attested({ call }: Question): readonly (readonly [string, string])[] {
  if (call.recipient === undefined) return [];
  return Object.entries(attestationConditions(call.recipient.document)).map(([key, value]) => [
    key.slice("kms:RecipientAttestation:".length),
    value,
  ]);
}
