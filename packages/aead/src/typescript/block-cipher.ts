/**
 * The AES block cipher itself, in both directions, for modes that are built on it: key wrapping, which is no AEAD.
 *
 * Bitsliced: neither branch nor array index depends on key or data. How a JavaScript engine compiles that is its own
 * business; see the promises of the TypeScript engine.
 */
import { type AesKey, encryptTwoBlocks, expandKey } from "./aes.ts";
import { decryptTwoBlocks, expandInverseKey, type InverseKey } from "./inverse.ts";

const BLOCK_LENGTH = 16;

/** An expanded AES key. Holds secrets: call {@link AesBlockCipher.destroy} when it is no longer needed. */
export class AesBlockCipher {
  readonly #forward: AesKey;
  readonly #inverse: InverseKey;
  /** Two blocks; the second is not used. */
  readonly #words = new Int32Array(8);

  /**
   * @param key 16, 24 or 32 bytes; absorbed, and the caller's to wipe
   * @throws {RangeError} if it has another length
   */
  constructor(key: Uint8Array) {
    if (![16, 24, 32].includes(key.length)) {
      throw new RangeError(`AES key: expected 16, 24 or 32 bytes, got ${key.length}`);
    }
    this.#forward = expandKey(key);
    this.#inverse = expandInverseKey(key);
  }

  /** CIPH (FIPS 197 §5.1) of one block, in place. @param block 16 bytes */
  encrypt(block: Uint8Array): void {
    this.#run(block, (words) => encryptTwoBlocks(this.#forward, words));
  }

  /** CIPH⁻¹ (FIPS 197 §5.3) of one block, in place. @param block 16 bytes */
  decrypt(block: Uint8Array): void {
    this.#run(block, (words) => decryptTwoBlocks(this.#inverse, words));
  }

  /** Wipes the expanded keys. The cipher can't be used afterwards. */
  destroy(): void {
    this.#forward.roundKeys.fill(0);
    this.#inverse.fill(0);
  }

  #run(block: Uint8Array, cipher: (words: Int32Array) => void): void {
    if (block.length !== BLOCK_LENGTH) {
      throw new RangeError(`AES block: expected ${BLOCK_LENGTH} bytes, got ${block.length}`);
    }
    const view = new DataView(block.buffer, block.byteOffset, BLOCK_LENGTH);
    const words = this.#words;
    for (let column = 0; column < 4; column++) words[2 * column] = view.getInt32(4 * column, true);
    cipher(words);
    for (let column = 0; column < 4; column++) view.setInt32(4 * column, words[2 * column] as number, true);
    words.fill(0);
  }
}
