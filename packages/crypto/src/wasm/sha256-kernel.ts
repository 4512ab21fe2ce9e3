/**
 * SHA-256, HMAC-SHA-256 and the KDF over it in WebAssembly. One instance serves the whole realm: calls are synchronous, and
 * what they leave in its memory is wiped before they return.
 */
import { hex } from "./hmac-sha256.generated.ts";

/** Exports of the module (`assembly/src/hmac-sha256.ts`). Addresses are bytes into its memory. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly INPUT: WebAssembly.Global;
  readonly PREPARED: WebAssembly.Global;
  readonly OUTPUT: WebAssembly.Global;
  readonly CAPACITY: WebAssembly.Global;
  beginHash(): void;
  beginMac(): void;
  absorb(length: number): void;
  finishHash(length: number, total: number): void;
  finishMac(length: number, total: number): void;
  prepareKey(length: number): void;
  deriveBlocks(length: number, count: number): void;
  wipe(length: number): void;
}

/** Bytes of a prepared HMAC key. */
const PREPARED_LENGTH = 64;
const DIGEST_LENGTH = 32;
const BLOCK_LENGTH = 64;
/** Most tags that one call of {@link Sha256Kernel.deriveBlocks} makes. */
const MAXIMUM_BLOCKS = 8;

export class Sha256Kernel {
  readonly #exports: KernelExports;
  readonly #bytes: Uint8Array;
  readonly #input: number;
  readonly #prepared: number;
  readonly #output: number;
  readonly #capacity: number;

  constructor(module: WebAssembly.Module) {
    this.#exports = new WebAssembly.Instance(module).exports as unknown as KernelExports;
    const at = (global: WebAssembly.Global) => global.value as number;
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.#input = at(this.#exports.INPUT);
    this.#prepared = at(this.#exports.PREPARED);
    this.#output = at(this.#exports.OUTPUT);
    this.#capacity = at(this.#exports.CAPACITY);
  }

  /** SHA-256 of the concatenation of `parts`: 32 bytes. */
  hash(parts: readonly Uint8Array[]): Uint8Array {
    this.#exports.beginHash();
    const { inside, total } = this.#absorb(parts);
    this.#exports.finishHash(inside, total);
    return this.#taken(DIGEST_LENGTH, Math.min(total, this.#capacity));
  }

  /** A prepared key of 64 bytes, as secret as the key itself. */
  prepare(key: Uint8Array): Uint8Array {
    const used = key.length > BLOCK_LENGTH ? this.hash([key]) : key;
    this.#bytes.set(used, this.#input);
    this.#exports.prepareKey(used.length);
    const prepared = this.#bytes.slice(this.#prepared, this.#prepared + PREPARED_LENGTH);
    this.#exports.wipe(BLOCK_LENGTH);
    if (used !== key) used.fill(0);
    return prepared;
  }

  /** HMAC-SHA-256 over the concatenation of `parts`: 32 bytes. */
  mac(prepared: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
    this.#bytes.set(prepared, this.#prepared);
    this.#exports.beginMac();
    const { inside, total } = this.#absorb(parts);
    this.#exports.finishMac(inside, total);
    return this.#taken(DIGEST_LENGTH, Math.min(total, this.#capacity));
  }

  /** Whether {@link Sha256Kernel.derive} can do it in one call. */
  canDerive(inputLength: number, length: number): boolean {
    return 4 + inputLength <= this.#capacity && length <= MAXIMUM_BLOCKS * DIGEST_LENGTH;
  }

  /** Fills `output` from tags over a 32-bit counter, from 1 on, and `fixedInput`. */
  derive(prepared: Uint8Array, fixedInput: Uint8Array, output: Uint8Array): void {
    this.#bytes.set(prepared, this.#prepared);
    this.#bytes.set(fixedInput, this.#input + 4);
    this.#exports.deriveBlocks(4 + fixedInput.length, Math.ceil(output.length / DIGEST_LENGTH));
    output.set(this.#bytes.subarray(this.#output, this.#output + output.length));
    this.#exports.wipe(4 + fixedInput.length);
  }

  /** Takes all but the last part of the input: what is `inside` INPUT waits for the padding. */
  #absorb(parts: readonly Uint8Array[]): { inside: number; total: number } {
    let inside = 0;
    let total = 0;
    for (const part of parts) {
      for (let from = 0; from < part.length; ) {
        if (inside === this.#capacity) {
          this.#exports.absorb(inside);
          inside = 0;
        }
        const length = Math.min(part.length - from, this.#capacity - inside);
        const piece = length === part.length ? part : part.subarray(from, from + length);
        this.#bytes.set(piece, this.#input + inside);
        inside += length;
        from += length;
      }
      total += part.length;
    }
    return { inside, total };
  }

  #taken(length: number, inputLength: number): Uint8Array {
    const taken = this.#bytes.slice(this.#output, this.#output + length);
    this.#exports.wipe(inputLength);
    return taken;
  }
}

let kernel: Sha256Kernel | null | undefined;

/** The kernel, or `null` where WebAssembly can't be compiled from bytes; made at the first call. */
export function sha256Kernel(): Sha256Kernel | null {
  if (kernel === undefined) kernel = compiled();
  return kernel;
}

function compiled(): Sha256Kernel | null {
  try {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
    return new Sha256Kernel(new WebAssembly.Module(bytes));
  } catch {
    // There is no WebAssembly, or a policy forbids it. What takes over computes the same.
    return null;
  }
}
