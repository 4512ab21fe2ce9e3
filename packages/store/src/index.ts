/** The store contract and the adapter that needs no platform. Others have an entry of their own. */
export * from "./contract.ts";
export { memoryStore } from "./memory.ts";
export {
  checkCommit,
  checkKey,
  checkRange,
  MAX_COMMIT_KEYS,
  MAX_KEY_LENGTH,
  MAX_LIST_LIMIT,
  MAX_VALUE_LENGTH,
} from "./validate.ts";
