/** Work that failed, and when it may be tried again: a second later, then twice as long each time, an hour at most. */

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 3_600_000;

interface Pause {
  readonly length: number;
  readonly until: number;
}

export class Postponed {
  readonly #pauses = new Map<string, Pause>();

  isPutOff(name: string, now: number): boolean {
    const pause = this.#pauses.get(name);
    return pause !== undefined && now < pause.until;
  }

  putOff(name: string, now: number): void {
    const before = this.#pauses.get(name);
    const length = before === undefined ? FIRST_PAUSE : Math.min(before.length * 2, LONGEST_PAUSE);
    this.#pauses.set(name, { length, until: now + length });
  }

  done(name: string): void {
    this.#pauses.delete(name);
  }

  /** When something may be tried again, a second from now if nothing was put off: milliseconds since 1970. */
  next(now: number): number {
    const times = [...this.#pauses.values()].map(({ until }) => until).filter((until) => until > now);
    return Math.min(now + LONGEST_PAUSE, ...(times.length === 0 ? [now + FIRST_PAUSE] : times));
  }
}
