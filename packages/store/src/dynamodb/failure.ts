/** What DynamoDB's errors mean for a store. */
import { StoreError } from "../contract.ts";

/** Why a transaction was cancelled. */
export type Cancellation = "check failed" | "conflict" | "other";

/** What a cancelled transaction says of its items; `undefined` if this is no cancellation. */
export function cancellationOf(error: unknown): Cancellation | undefined {
  if (!(error instanceof Error) || error.name !== "TransactionCanceledException") return undefined;
  const reasons = "CancellationReasons" in error ? error.CancellationReasons : undefined;
  const codes = Array.isArray(reasons) ? reasons.map((reason: { Code?: unknown }) => reason?.Code) : [];
  if (codes.includes("ConditionalCheckFailed")) return "check failed";
  return codes.includes("TransactionConflict") ? "conflict" : "other";
}

/** The {@link StoreError} for whatever was thrown; one that is a StoreError already stays. */
export function storeError(table: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof Error && error.name === "ResourceNotFoundException") {
    return new StoreError(
      "Unavailable",
      `there is no DynamoDB table ${table} in this account and Region; "kmslite init", or createDynamoDbTable, makes it`,
      { cause: error },
    );
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new StoreError("Unavailable", `DynamoDB table ${table} failed: ${reason}`, { cause: error });
}
