/** A KMS key, one thing at a time: what each call on it may answer in which state. */
import type { Model } from "./linearizable.ts";

/** What a call did or would have done; `unknown` answers are those of calls that may not have happened. */
export interface KeyCall {
  readonly name:
    | "use"
    | "describe"
    | "setDescription"
    | "enable"
    | "disable"
    | "rotate"
    | "countRotations"
    | "scheduleDeletion"
    | "cancelDeletion";
  /** `ok`, or the name of the error. */
  readonly answer: string;
  /** The service's clock when the call was sent and when it was answered: milliseconds since 1970. */
  readonly sentAt: number;
  readonly answeredAt: number;
  /** What was read or written. */
  readonly state?: string;
  readonly description?: string;
  readonly rotations?: number;
  readonly days?: number;
}

export interface KeyState {
  readonly state: "Enabled" | "Disabled" | "PendingDeletion";
  readonly description: string;
  readonly rotations: number;
  /** Between these two times the key ceases to be. */
  readonly goneAfter: number;
  readonly goneBy: number;
}

const DAY = 86_400_000;
const OK = "ok";
const GONE = "NotFoundException";
const DISABLED = "DisabledException";
const INVALID_STATE = "KMSInvalidStateException";

/** A new key, enabled. */
export function keyModel(description: string): Model<KeyState, KeyCall> {
  return {
    initial: { state: "Enabled", description, rotations: 0, goneAfter: 0, goneBy: 0 },
    after,
    isRead: ({ name, answer }) =>
      answer !== GONE &&
      (answer !== OK || name === "use" || name === "describe" || name === "countRotations"),
    nameOf: ({ state, description: text, rotations, goneBy }) => `${state} ${rotations} ${goneBy} ${text}`,
  };
}

function after(key: KeyState, call: KeyCall): KeyState | undefined {
  if (call.answer === GONE) return afterGone(key, call);
  // A key whose time is over is none any more, whether or not its records are gone.
  if (key.state === "PendingDeletion" && call.sentAt >= key.goneBy) return undefined;
  if (call.answer !== OK) return call.answer === refusal(key, call) ? key : undefined;
  if (refusal(key, call) !== undefined) return undefined;
  switch (call.name) {
    case "use":
      return key;
    case "describe":
      return call.state === key.state && call.description === key.description ? key : undefined;
    case "countRotations":
      return call.rotations === key.rotations ? key : undefined;
    case "setDescription":
      return { ...key, description: call.description ?? "" };
    case "enable":
      return { ...key, state: "Enabled" };
    case "disable":
    case "cancelDeletion":
      return { ...key, state: "Disabled", goneAfter: 0, goneBy: 0 };
    case "rotate":
      return { ...key, rotations: key.rotations + 1 };
    case "scheduleDeletion": {
      const window = (call.days ?? 0) * DAY;
      return {
        ...key,
        state: "PendingDeletion",
        goneAfter: call.sentAt + window,
        goneBy: call.answeredAt + window,
      };
    }
  }
}

/**
 * Whether a key's time is over, each call judges by the clock when it arrives. So a call that came before may still call the deletion
 * off when another that came after has found no key; one that is sent after that answer may not.
 */
function afterGone(key: KeyState, call: KeyCall): KeyState | undefined {
  const over = key.state === "PendingDeletion" && call.answeredAt >= key.goneAfter;
  return over ? { ...key, goneBy: Math.min(key.goneBy, call.answeredAt) } : undefined;
}

/** How a call is refused in a state; `undefined` where it is not. */
function refusal({ state }: KeyState, { name }: KeyCall): string | undefined {
  if (name === "describe" || name === "countRotations") return undefined;
  if (name === "cancelDeletion") return state === "PendingDeletion" ? undefined : INVALID_STATE;
  if (state === "PendingDeletion") return INVALID_STATE;
  if (state === "Disabled" && (name === "use" || name === "rotate")) return DISABLED;
  return undefined;
}
