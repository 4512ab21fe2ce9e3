/** Every benchmark suite, one line each. */
import { kmsSuite } from "./kms.ts";
import type { Suite } from "./report.ts";

export const suites: readonly Suite[] = [kmsSuite];
