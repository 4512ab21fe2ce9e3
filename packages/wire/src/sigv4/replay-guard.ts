/**
 * Remembers signatures until they would be refused anyway, so that none is accepted twice by this process.
 *
 * They are kept by the minute in which they end, so that forgetting costs nothing per signature. A signature takes about 100 bytes:
 * five minutes of 1,000 requests a second are 30 MB, and only valid signatures are kept.
 */

const MINUTE_MS = 60_000;

/**
 * @param clock milliseconds since the epoch
 * @returns what `replayGuard` of a verifier wants: whether the signature is new
 */
export function createReplayGuard(clock: () => number): (signature: string, expiresAt: number) => boolean {
  const byMinute = new Map<number, Set<string>>();
  let forgottenAt = Number.NEGATIVE_INFINITY;
  return (signature, expiresAt) => {
    const now = Math.floor(clock() / MINUTE_MS);
    if (now !== forgottenAt) {
      for (const minute of byMinute.keys()) if (minute < now) byMinute.delete(minute);
      forgottenAt = now;
    }
    // The same signature always ends at the same time: its timestamp is signed.
    const minute = Math.floor(expiresAt / MINUTE_MS);
    const seen = byMinute.get(minute) ?? new Set();
    if (seen.has(signature)) return false;
    byMinute.set(minute, seen.add(signature));
    return true;
  };
}
