/**
 * HMAC-SHA-256 under a key that is used more than once (FIPS 198-1).
 *
 * Absorbing the padded key costs two of the four compressions of a short message; a prepared key pays for them once. It runs in
 * WebAssembly where that can be compiled, and on @noble/hashes elsewhere.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { type Sha256Kernel, sha256Kernel } from "./wasm/sha256-kernel.ts";

/** Length of an HMAC-SHA-256 tag in bytes. */
export const HMAC_SHA256_LENGTH = 32;

/** A prepared HMAC-SHA-256 key. Holds secrets: call {@link HmacSha256Key.destroy} when it is no longer needed. */
export class HmacSha256Key {
  readonly #prepared: KernelKey | ReturnType<typeof hmac.create>;

  /** @param key 1 byte or more; it is absorbed, not kept, and remains the caller's to wipe */
  constructor(key: Uint8Array) {
    if (key.length === 0) throw new RangeError("HMAC key: expected at least 1 byte, got 0");
    const kernel = sha256Kernel();
    this.#prepared = kernel === null ? hmac.create(nobleSha256, key) : new KernelKey(kernel, key);
  }

  /**
   * The tag over the concatenation of `parts`.
   *
   * @returns 32 bytes
   * @throws {TypeError} if the key was destroyed
   */
  mac(...parts: readonly Uint8Array[]): Uint8Array {
    if (this.#prepared instanceof KernelKey) return this.#prepared.mac(parts);
    const state = this.#prepared.clone();
    for (const part of parts) state.update(part);
    const tag = state.digest();
    state.destroy();
    return tag;
  }

  /**
   * Fills `output` with tags over a 32-bit counter, from 1 on, and `fixedInput` (NIST SP 800-108 §4.1), if that takes no more
   * than one call of WebAssembly: `false` if it was not done.
   */
  deriveAtOnce(fixedInput: Uint8Array, output: Uint8Array): boolean {
    return this.#prepared instanceof KernelKey && this.#prepared.derive(fixedInput, output);
  }

  /** Wipes the prepared state. The key can't be used afterwards. */
  destroy(): void {
    this.#prepared.destroy();
  }
}

/** A key as the kernel prepared it. */
class KernelKey {
  readonly #kernel: Sha256Kernel;
  readonly #prepared: Uint8Array;
  #destroyed = false;

  constructor(kernel: Sha256Kernel, key: Uint8Array) {
    this.#kernel = kernel;
    this.#prepared = kernel.prepare(key);
  }

  mac(parts: readonly Uint8Array[]): Uint8Array {
    this.#assertThere();
    return this.#kernel.mac(this.#prepared, parts);
  }

  derive(fixedInput: Uint8Array, output: Uint8Array): boolean {
    this.#assertThere();
    if (!this.#kernel.canDerive(fixedInput.length, output.length)) return false;
    this.#kernel.derive(this.#prepared, fixedInput, output);
    return true;
  }

  destroy(): void {
    this.#destroyed = true;
    this.#prepared.fill(0);
  }

  #assertThere(): void {
    if (this.#destroyed) throw new TypeError("HMAC key: it was destroyed");
  }
}
