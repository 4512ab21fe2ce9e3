/** The clock of a soak: the platform's, plus steps of months that every process sees at once. */
import { openSync, writeSync } from "node:fs";

export class SteppedClock {
  /** Every step: the time before it, and by how much it went on. */
  readonly steps: { readonly before: number; readonly by: number }[] = [];
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
    this.steps.push({ before: this.now(), by: milliseconds });
    this.#ahead += milliseconds;
    this.#write();
  }

  /**
   * How many steps had been made at a time of this clock. No process had a time within a step, so the middle of it tells what came
   * before from what came after, however long this process waits for its turn around the step.
   */
  stepsBefore(time: number): number {
    return this.steps.filter(({ before, by }) => before + by / 2 < time).length;
  }

  #write(): void {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(this.#ahead);
    writeSync(this.#file, bytes, 0, 8, 0);
  }
}
