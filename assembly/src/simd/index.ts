export { wipeContext } from "./context";
export { beginCounterMode, counterMode, planCounterMode, wipeCounterMode } from "./counter-mode";
export { encryptFourBlocks, expandRoundKeys } from "./few-blocks";
export { hashBlocks, planHash, prepareHash, wipeHash } from "./ghash";
