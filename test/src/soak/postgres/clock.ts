/** The clock of a soak: the platform's, plus steps of months that every process sees at once. */
import { openSync, writeSync } from "node:fs";

export class SteppedClock {
  /** Every step: when it was made on this clock, before and after. */
  readonly steps: { readonly before: number; readonly after: number }[] = [];
  readonly #file: number;
  #ahead = 0;

  /** @param path made here; holds by how many milliseconds the clock is ahead, as a double in little-endian order */
  constructor(path: string) {
    this.#file = openSync(path, "w");
    this.#write();
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  step(milliseconds: number): void {
    const before = this.now();
    this.#ahead += milliseconds;
    this.#write();
    this.steps.push({ before, after: this.now() });
  }

  /** How many steps had been made at a time of this clock. */
  stepsBefore(time: number): number {
    return this.steps.filter(({ after }) => after <= time).length;
  }

  #write(): void {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(this.#ahead);
    writeSync(this.#file, bytes, 0, 8, 0);
  }
}
