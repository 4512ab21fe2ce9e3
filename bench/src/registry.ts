/** Every benchmark suite, one line each. */
import { aeadSuite } from "./aead/suite.ts";
import { kmsSuite } from "./kms.ts";
import { policySuite } from "./policy/suite.ts";
import type { Suite } from "./report.ts";
import { startSuite } from "./start/suite.ts";
import { storeSuite } from "./store/suite.ts";

export const suites: readonly Suite[] = [aeadSuite, kmsSuite, policySuite, startSuite, storeSuite];
