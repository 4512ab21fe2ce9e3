/** What encryption is asked for. */
import type { EncryptionAlgorithmSpec } from "./shapes/algorithms.ts";

/** An encryption context as requests carry it. */
export type RequestContext = Readonly<Record<string, string>> | undefined;

/** What is to be encrypted, and how. */
export interface EncryptionInput {
  readonly plaintext: Uint8Array;
  readonly context: RequestContext;
  readonly algorithm: EncryptionAlgorithmSpec;
  /** Whether only to find out if it could be. */
  readonly dryRun: boolean | undefined;
}
