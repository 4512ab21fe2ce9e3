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
  readonly value: number;
  readonly aim: number;
  readonly better: "higher" | "lower";
}

export interface SuiteReport {
  readonly name: string;
  readonly results: readonly Measurement[];
  readonly ratios: readonly Ratio[];
}

export interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly suites: readonly SuiteReport[];
}

/** A suite, told to print where it is. */
export interface Suite {
  readonly name: string;
  readonly run: (progress: (line: string) => void) => Promise<SuiteReport>;
}

/** Whether a ratio reaches its aim. */
export function reached(ratio: Ratio): boolean {
  return ratio.better === "higher" ? ratio.value >= ratio.aim : ratio.value <= ratio.aim;
}
