/** Places for expanded keys behind the module's own memory, which grows a page at a time when they run out. */
import type { Kernel } from "./kernel.ts";

const PAGE = 65_536;

export class Slots {
  readonly #kernel: Kernel;
  readonly #free: number[] = [];
  #end: number;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#end = (kernel.heap + 15) & ~15;
  }

  /** @throws {RangeError} when the memory can't grow any more (WebAssembly's own limit) */
  take(): number {
    const again = this.#free.pop();
    if (again !== undefined) return again;
    const slot = this.#end;
    const { memory } = this.#kernel.exports;
    const missing = slot + this.#kernel.contextSize - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    this.#end = slot + this.#kernel.contextSize;
    return slot;
  }

  /** Wipes a slot and lends it again. */
  giveBack(slot: number): void {
    this.#kernel.exports.wipe(slot, this.#kernel.contextSize);
    this.#free.push(slot);
  }
}
