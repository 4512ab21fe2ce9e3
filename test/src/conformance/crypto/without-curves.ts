/**
 * Runs something as on a runtime whose Web Crypto takes no keys, so that what is done without it is held to the vectors too.
 */
export async function withoutNativeKeys<T>(run: () => Promise<T>): Promise<T> {
  const { subtle } = crypto;
  Object.defineProperty(subtle, "importKey", { configurable: true, value: refuse });
  try {
    return await run();
  } finally {
    Reflect.deleteProperty(subtle, "importKey");
  }
}

async function refuse(): Promise<never> {
  throw new DOMException("no such curve", "NotSupportedError");
}
