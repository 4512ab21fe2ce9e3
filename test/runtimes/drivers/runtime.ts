/** A runtime that may be installed here. */
import type { Answer, Question } from "../behaviours/platform.ts";

export interface Runtime {
  readonly name: string;
  /** What to start, or undefined if it is not installed. */
  readonly find: () => Promise<string | undefined>;
  readonly start: (found: string) => Promise<StartedRuntime>;
}

export interface StartedRuntime {
  /** Known after the first question. */
  readonly version: () => string;
  /** Each question is put to a runtime that was started anew over what the one before left on the disk. */
  readonly ask: (question: Question) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}
