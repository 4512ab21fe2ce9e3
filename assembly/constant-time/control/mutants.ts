/** One fault in each function, of the kinds that the checker must tell apart. Never to be used. */
export const KEY: usize = memory.data(16, 16);
const OUT: usize = memory.data(512, 16);

export function branches(): void {
  if (load<u8>(KEY) & 1) {
    store<u32>(OUT, load<u32>(OUT) * 3);
    store<u32>(OUT, 5, 64);
  }
}

export function loops(): void {
  for (let i: usize = 0; i < load<u8>(KEY); i++) store<u8>(OUT + i, 1);
}

export function selects(): void {
  store<u32>(OUT, select<u32>(load<u32>(OUT), load<u32>(OUT, 4), load<u8>(KEY) & 1));
}

export function loads(): void {
  store<u8>(OUT, load<u8>(OUT + load<u8>(KEY)));
}

export function stores(): void {
  store<u8>(OUT + load<u8>(KEY), 1);
}

export function divides(): void {
  store<u32>(OUT, load<u32>(OUT, 8) / load<u32>(KEY));
}

/** The secret goes through memory, arithmetic and a vector before it does harm. */
export function hides(): void {
  store<u32>(OUT, rotl(load<u32>(KEY) ^ 0x55555555, 7), 16);
  store<u8>(OUT, load<u8>(OUT + (load<u32>(OUT, 16) & 15)));
}

/** Nothing is wrong here: a secret mask instead of a branch. */
export function masks(): void {
  const mask: u32 = 0 - (load<u8>(KEY) & 1);
  store<u32>(OUT, (load<u32>(OUT) & mask) | (load<u32>(OUT, 4) & ~mask));
}
