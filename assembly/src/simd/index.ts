export { counterMode, planCounterMode } from "./counter-mode";
export { encryptFourBlocks, expandRoundKeys } from "./few-blocks";
export { hashBlocks, planHash, prepareHash, wipeHash } from "./ghash";
