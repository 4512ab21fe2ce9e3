/** What a conformance family reports, as `pnpm conformance --json` writes it. */
export interface FamilyResult {
  readonly id: string;
  readonly engine: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly total: number;
  readonly why_skipped: string;
  /** The cases that failed, by name; printed, not in the JSON. */
  readonly failures?: readonly string[];
}

/** A set of published vectors and what runs them. */
export interface Family {
  readonly id: string;
  /** @param vectors the directory that holds the vectors, which may not be there */
  readonly run: (vectors: string) => Promise<readonly FamilyResult[]>;
}
