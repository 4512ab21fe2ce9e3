/**
 * What is in memory is used at once. Every `await` and every promise on the way of an Encrypt costs it about as much as a block of
 * hashing, so what may have to be read from the store is a value or a promise, and only the promise is waited for.
 */

/** What is there, or will be. */
export type AtOnce<Value> = Value | Promise<Value>;

/** Goes on with a value: now if it is there. */
export function whenThere<Value, Next>(
  value: AtOnce<Value>,
  next: (value: Value) => AtOnce<Next>,
): AtOnce<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}
