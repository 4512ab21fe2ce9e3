/** Rotations and deletions on their day, also while no request comes. */
import type { Kms } from "../kms.ts";

/** Days matter to this work, so a minute is early enough; a look that finds nothing due costs nearly nothing. */
const INTERVAL = 60_000;

/** Does what is due again and again until the function that it returns is called. Keeps no process alive. */
export function keepDoingDueWork(kms: Kms, onFailure: (error: unknown) => void): () => void {
  const timer = setInterval(() => {
    kms.runDueWork().catch(onFailure);
  }, INTERVAL);
  timer.unref();
  return () => clearInterval(timer);
}
