/**
 * Random values that are public as soon as they are used, drawn from the platform many at once: in a browser, a call of its generator
 * costs more than the HMAC of a message.
 *
 * A value is given out once, and wiped here. What was drawn is used within the millisecond or thrown away, so that a process that is
 * frozen and woken up twice (a snapshot of its machine) doesn't give out the same values twice.
 */
const drawn: Uint8Array<ArrayBuffer> = new Uint8Array(2048);
let given = drawn.length;
let drawnAt = 0;

/** @param length bytes, at most 2,048 */
export function drawnRandom(length: number): Uint8Array {
  const now = Date.now();
  if (given + length > drawn.length || now !== drawnAt) {
    crypto.getRandomValues(drawn);
    given = 0;
    drawnAt = now;
  }
  const value = drawn.slice(given, given + length);
  drawn.fill(0, given, given + length);
  given += length;
  return value;
}
