/**
 * Keys that are ready in memory, by KMS key and key material id. They are wiped when they leave.
 */

/** A key that was prepared for use. */
export interface ReadyKey {
  readonly keyMaterialId: string;
  /** Wipes it. */
  destroy(): void;
}

export class ReadyKeys<Key extends ReadyKey> {
  readonly #maximum: number;
  readonly #byKeyId = new Map<string, Map<string, Key>>();
  #size = 0;
  /** Counts deletions of keys: what was read before one must not be kept after it. */
  #deletions = 0;
  #closed = false;

  /** @param maximum how many keys are held; the ones that entered first leave first */
  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  get(keyId: string, keyMaterialId: string): Key | undefined {
    return this.#byKeyId.get(keyId)?.get(keyMaterialId);
  }

  /** What {@link ReadyKeys.add} wants to know of the moment when the token was read. */
  generation(): number {
    return this.#deletions;
  }

  /**
   * Keeps a key, and returns the one to use: two calls may have opened the same token at the same time.
   *
   * @param generation from before the token was read; if a key was deleted since, the key is for this one use only
   */
  add(keyId: string, key: Key, generation: number): Key {
    const present = this.get(keyId, key.keyMaterialId);
    if (present !== undefined) {
      key.destroy();
      return present;
    }
    if (this.#closed || generation !== this.#deletions) {
      destroySoon(key);
      return key;
    }
    let keys = this.#byKeyId.get(keyId);
    if (keys === undefined) {
      keys = new Map();
      this.#byKeyId.set(keyId, keys);
    }
    keys.set(key.keyMaterialId, key);
    this.#size++;
    if (this.#size > this.#maximum) this.#forgetOldest();
    return key;
  }

  /** Wipes every material of a KMS key. */
  forgetKey(keyId: string): void {
    this.#deletions++;
    const keys = this.#byKeyId.get(keyId);
    if (keys === undefined) return;
    this.#byKeyId.delete(keyId);
    this.#size -= keys.size;
    for (const key of keys.values()) destroySoon(key);
  }

  /** Lets go of everything, and wipes it after that: a call may have just been given one, and a wiped key is all zeros. */
  close(): void {
    this.#closed = true;
    const held = [...this.#byKeyId.values()].flatMap((keys) => [...keys.values()]);
    setTimeout(() => {
      for (const key of held) key.destroy();
    }, 0);
    this.#byKeyId.clear();
    this.#size = 0;
  }

  #forgetOldest(): void {
    for (const [keyId, keys] of this.#byKeyId) {
      for (const [keyMaterialId, key] of keys) {
        keys.delete(keyMaterialId);
        if (keys.size === 0) this.#byKeyId.delete(keyId);
        this.#size--;
        destroySoon(key);
        return;
      }
    }
  }
}

/** Whoever was just given the key uses it before the next task; it is wiped after that. */
function destroySoon(key: ReadyKey): void {
  setTimeout(() => key.destroy(), 0);
}
