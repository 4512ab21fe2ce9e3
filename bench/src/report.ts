/** What `pnpm bench --json` writes. */

/** One measured thing. Times are nanoseconds per operation. */
export interface Measurement {
  readonly id: string;
  readonly engine: string;
  /** Bytes that one operation works on; 0 where that means nothing. */
  readonly bytes: number;
  readonly median_ns: number;
  readonly ops_per_s: number;
  readonly mb_per_s: number;
}

/** A figure that has an aim. */
export interface Ratio {
  readonly id: string;
  /** What was measured, where the id leaves that to the runtime: the name of our engine. */
  readonly engine?: string;
  /** The peer that the value is a ratio to. */
  readonly against?: string;
  readonly value: number;
  readonly aim: number;
  readonly better: "higher" | "lower";
}

/** A figure that is no time and has no aim of its own. */
export interface Figure {
  readonly id: string;
  readonly value: number;
  readonly unit: "bytes";
}

export interface SuiteReport {
  readonly name: string;
  readonly results: readonly Measurement[];
  readonly ratios: readonly Ratio[];
  readonly figures?: readonly Figure[];
  /** What could not be measured here, and why. */
  readonly skipped?: readonly string[];
}

export interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly suites: readonly SuiteReport[];
}

/** Takes a line on where a run is. */
export type Progress = (line: string) => void;

/** How much to measure. */
export interface SuiteOptions {
  /** Only what has an aim, and in less time. */
  readonly quick: boolean;
}

/** A suite, told to print where it is. */
export interface Suite {
  readonly name: string;
  readonly run: (progress: Progress, options: SuiteOptions) => Promise<SuiteReport>;
}

/** Whether a ratio reaches its aim. */
export function reached(ratio: Ratio): boolean {
  return ratio.better === "higher" ? ratio.value >= ratio.aim : ratio.value <= ratio.aim;
}
