import { KmsError } from "./errors.ts";

/** There are no grants yet, so no token can be one: @throws {KmsError} InvalidGrantTokenException */
export function assertNoGrantTokens(tokens: readonly string[] | undefined): void {
  if (tokens !== undefined && tokens.length > 0) {
    throw new KmsError("InvalidGrantTokenException", "The grant token is not valid");
  }
}
