/**
 * Group commit: what arrives while a write is in progress goes into the next one, all of it together. Everybody waits for the
 * write that their own item is in, so that one wait for the disk serves many.
 */

const { setImmediate: afterThisTurn } = globalThis as { setImmediate?: (callback: () => void) => unknown };

/** Waits until all has come that this turn of the event loop brings, where the runtime can tell: it makes one group. */
export const untilTurnEnds: (() => Promise<void>) | undefined =
  afterThisTurn && (() => new Promise((resolve) => afterThisTurn(resolve)));

export class GroupCommit<Item> {
  readonly #write: (items: readonly Item[]) => Promise<void> | void;
  readonly #gather: (() => Promise<void>) | undefined;
  #waiting: Item[] = [];
  #next: Promise<void> | undefined;
  #running: Promise<void> | undefined;

  /**
   * @param write  writes a group; it is called again only when it is done
   * @param gather what to wait for before a group is closed; nothing unless given
   */
  constructor(write: (items: readonly Item[]) => Promise<void> | void, gather?: () => Promise<void>) {
    this.#write = write;
    this.#gather = gather;
  }

  /**
   * Resolves when the item is written, and fails if its group could not be; `undefined` if it was written at once.
   *
   * @throws what a write at once throws
   */
  add(item: Item): Promise<void> | undefined {
    const free = this.#gather === undefined && this.#next === undefined && this.#running === undefined;
    if (free) {
      // A write that does not wait keeps nobody waiting.
      const writing = this.#write([item]);
      return writing === undefined ? undefined : this.#track(writing);
    }
    this.#waiting.push(item);
    this.#next ??= this.#after(this.#running);
    return this.#next;
  }

  /** Resolves when nothing is being written or waits to be. */
  async settled(): Promise<void> {
    while (this.#next !== undefined || this.#running !== undefined) {
      await (this.#next ?? this.#running)?.catch(() => {});
    }
  }

  async #after(running: Promise<void> | undefined): Promise<void> {
    // Never at once, so that the group has its promise before it is closed.
    await running?.catch(() => {});
    await this.#gather?.();
    const items = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    await this.#track((async () => this.#write(items))());
  }

  async #track(writing: Promise<void>): Promise<void> {
    this.#running = writing;
    try {
      await writing;
    } finally {
      if (this.#running === writing) this.#running = undefined;
    }
  }
}
