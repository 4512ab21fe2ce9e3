/** What an alias may be called. */

const NAME = /^alias\/[a-zA-Z0-9/_-]{1,250}$/;

/** Whether an alias can have this name; no other is ever found. */
export function isAliasName(name: string): boolean {
  return NAME.test(name);
}
