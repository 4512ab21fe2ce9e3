/** An alias, one thing at a time: the key that it stands for, if any. */
import type { Model } from "./linearizable.ts";

export interface AliasCall {
  readonly name: "create" | "update" | "delete" | "resolve";
  /** `ok`, or the name of the error. */
  readonly answer: string;
  /** The key id that was read or written. */
  readonly target?: string;
}

/** The key id; empty while there is no such alias. */
const ABSENT = "";

/** An alias that is not there yet. */
export const aliasModel: Model<string, AliasCall> = {
  initial: ABSENT,
  after: (target, { name, answer, target: named = ABSENT }) => {
    if (answer !== "ok") return answer === refusal(target, name) ? target : undefined;
    if (refusal(target, name) !== undefined) return undefined;
    if (name === "resolve") return named === target ? target : undefined;
    return name === "delete" ? ABSENT : named;
  },
  isRead: ({ name, answer }) => name === "resolve" || answer !== "ok",
  nameOf: (target) => target,
};

function refusal(target: string, name: AliasCall["name"]): string | undefined {
  if (name === "create") return target === ABSENT ? undefined : "AlreadyExistsException";
  return target === ABSENT ? "NotFoundException" : undefined;
}
