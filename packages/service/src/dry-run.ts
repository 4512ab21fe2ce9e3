/** Dry runs: everything is checked, nothing is done. */
import { KmsError } from "./errors.ts";

/** @throws {KmsError} DryRunOperationException if the caller only asked whether the call would succeed */
export function assertNotDryRun(dryRun: boolean | undefined): void {
  if (dryRun === true) {
    throw new KmsError(
      "DryRunOperationException",
      "The request would have succeeded, but the DryRun option is set.",
    );
  }
}

/** Whether a dry run asks for the permission alone, without a ciphertext to check. */
export function ignoresCiphertext(request: {
  readonly DryRun?: boolean | undefined;
  readonly DryRunModifiers?: readonly string[] | undefined;
}): boolean {
  return request.DryRun === true && request.DryRunModifiers?.includes("IGNORE_CIPHERTEXT") === true;
}
