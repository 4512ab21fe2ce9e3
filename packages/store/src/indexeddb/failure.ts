/** What IndexedDB's errors mean for a store. */
import { StoreError } from "../contract.ts";

/** The {@link StoreError} for whatever was thrown; one that is a StoreError already stays. */
export function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const full = error instanceof Error && error.name === "QuotaExceededError";
  const message = full
    ? "the browser gives this origin no more room in IndexedDB"
    : `IndexedDB failed: ${reason}`;
  return new StoreError("Unavailable", message, { cause: error });
}
