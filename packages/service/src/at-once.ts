/**
 * What is in memory is used at once. Every `await` and every promise on the way of an Encrypt costs it about as much as a block of
 * hashing, so what may have to be read from the store is a value or a promise, and only the promise is waited for.
 */

/** What is there, or will be. */
export type AtOnce<Value> = Value | Promise<Value>;

/**
 * Whether a value is yet to come. Asked of the value and not of the global `Promise`, which others may have replaced: what an async
 * function gives is none of theirs, and a refusal that is not waited for would let everybody in.
 */
export function isLater<Value>(value: AtOnce<Value>): value is Promise<Value> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === "function";
}

/** Goes on with a value: now if it is there. */
export function whenThere<Value, Next>(
  value: AtOnce<Value>,
  next: (value: Value) => AtOnce<Next>,
): AtOnce<Next> {
  return isLater(value) ? value.then(next) : next(value);
}
