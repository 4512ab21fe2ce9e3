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

/** The result of a family whose files are not there: they are named, and nothing is counted as passed. */
export function absentResult(id: string, engine: string, files: readonly string[]): FamilyResult {
  const why_skipped = `not there: ${files.join(", ")}`;
  return { id, engine, passed: 0, failed: 0, skipped: files.length, total: files.length, why_skipped };
}

/** Counts what was tried: `failures` name the cases that failed, out of `tried`. */
export function countedResult(
  id: string,
  engine: string,
  tried: number,
  failures: readonly string[],
  skipped: ReadonlyMap<string, number> = new Map(),
): FamilyResult {
  const skips = [...skipped.values()].reduce((sum, count) => sum + count, 0);
  return {
    id,
    engine,
    passed: tried - failures.length,
    failed: failures.length,
    skipped: skips,
    total: tried + skips,
    why_skipped: [...skipped].map(([reason, count]) => `${count}: ${reason}`).join("; "),
    failures,
  };
}
