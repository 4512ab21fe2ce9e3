/** A reference proxy for external key stores. Uses Web-standard APIs only. */
export type { ExternalKey } from "./external-keys.ts";
export { createXksProxy, type XksProxyOptions } from "./proxy.ts";
