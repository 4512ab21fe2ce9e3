/**
 * GHASH (NIST SP 800-38D §6.4): multiplication in GF(2^128) bit by bit, with masks in place of branches and no table.
 */

/** A running GHASH. Holds secrets: {@link Ghash.destroy} it. */
export class Ghash {
  readonly #H: Int32Array;
  readonly #Y = new Int32Array(4);

  /** @param H the hash subkey, 16 bytes */
  constructor(H: Uint8Array) {
    const view = new DataView(H.buffer, H.byteOffset, H.byteLength);
    this.#H = Int32Array.from([0, 4, 8, 12], (offset) => view.getInt32(offset));
  }

  /** Absorbs bytes, padded with zeros to whole blocks. */
  update(bytes: Uint8Array): this {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const whole = bytes.length - (bytes.length % 16);
    for (let offset = 0; offset < whole; offset += 16) this.#absorb(view, offset);
    if (whole < bytes.length) {
      const last = new Uint8Array(16);
      last.set(bytes.subarray(whole));
      this.#absorb(new DataView(last.buffer), 0);
    }
    return this;
  }

  /** Absorbs the lengths of AAD and ciphertext in bytes, and gives S: 16 bytes. */
  finish(aadLength: number, textLength: number): Uint8Array {
    const block = new DataView(new ArrayBuffer(16));
    block.setBigUint64(0, BigInt(aadLength) * 8n);
    block.setBigUint64(8, BigInt(textLength) * 8n);
    this.#absorb(block, 0);
    const S = new DataView(new ArrayBuffer(16));
    for (let word = 0; word < 4; word++) S.setInt32(4 * word, this.#Y[word] as number);
    return new Uint8Array(S.buffer);
  }

  /** Wipes the state. */
  destroy(): void {
    this.#H.fill(0);
    this.#Y.fill(0);
  }

  #absorb(view: DataView, offset: number): void {
    for (let word = 0; word < 4; word++) {
      this.#Y[word] = (this.#Y[word] as number) ^ view.getInt32(offset + 4 * word);
    }
    multiply(this.#Y, this.#H);
  }
}

/** Y ← Y · H, SP 800-38D §6.3: bits from the left; R is 11100001 ‖ 0^120. */
function multiply(Y: Int32Array, H: Int32Array): void {
  let v0 = H[0] as number;
  let v1 = H[1] as number;
  let v2 = H[2] as number;
  let v3 = H[3] as number;
  let z0 = 0;
  let z1 = 0;
  let z2 = 0;
  let z3 = 0;
  for (let word = 0; word < 4; word++) {
    const x = Y[word] as number;
    for (let bit = 31; bit >= 0; bit--) {
      const take = -((x >>> bit) & 1);
      z0 ^= v0 & take;
      z1 ^= v1 & take;
      z2 ^= v2 & take;
      z3 ^= v3 & take;
      const reduce = -(v3 & 1);
      v3 = (v3 >>> 1) | (v2 << 31);
      v2 = (v2 >>> 1) | (v1 << 31);
      v1 = (v1 >>> 1) | (v0 << 31);
      v0 = (v0 >>> 1) ^ (reduce & 0xe1000000);
    }
  }
  Y[0] = z0;
  Y[1] = z1;
  Y[2] = z2;
  Y[3] = z3;
}
