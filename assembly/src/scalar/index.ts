export { counterMode, encryptFourBlocks, expandRoundKeys, wipeState } from "./aes";
export { hashBlocks } from "./ghash";
