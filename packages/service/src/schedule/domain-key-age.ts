/** When the domain key is to be replaced, and whether that was begun; how is in `domain-key-rotation.ts`, which is loaded for it. */
import type { Keyring } from "@kmslite/hierarchy";

/** When the domain key is to be replaced: milliseconds since 1970. */
export function domainKeyDueAt(keyring: Keyring, period: number): number {
  return Math.max(...keyring.domainKeys.map((key) => key.createdAt)) + period;
}

/** Whether a rotation was interrupted, or is being done by another process: then there are retired domain keys. */
export function hasRetiredDomainKeys(keyring: Keyring): boolean {
  return keyring.domainKeys.length > 1;
}
