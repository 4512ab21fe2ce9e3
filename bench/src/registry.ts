/** Every benchmark suite, one line each. */
import { aeadSuite } from "./aead/suite.ts";
import { kmsSuite } from "./kms.ts";
import type { Suite } from "./report.ts";

export const suites: readonly Suite[] = [aeadSuite, kmsSuite];
