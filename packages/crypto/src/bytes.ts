/** Bytes as text and back, and put together: what every package needs, from `@noble/hashes`. */
export { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
