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
  /** As `ask`, of as many instances at once as there are questions, over one store; undefined where there can't be several. */
  readonly askTogether?: (questions: readonly Question[]) => Promise<readonly Answer[]>;
  /** Puts a question that never ends, and kills the runtime, without a chance to end well, at that time. */
  readonly askAndKill?: (question: Question, time: Promise<void>) => Promise<void>;
  readonly stop: () => Promise<void>;
}
