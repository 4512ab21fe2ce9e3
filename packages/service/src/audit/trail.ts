/** What a call leaves behind for its event while it runs. */
import type { KeyRecord } from "../database/records.ts";
import type { AttestationDocument } from "../recipient/attestation-document.ts";

export interface Trail {
  readonly requestId: string;
  readonly eventId: string;
  /** Keys that the call found, in the order in which it found them. */
  readonly keys: KeyRecord[];
  /** The request, once it has the shape of its operation. */
  request?: object;
  /** Of the environment that the answer is for, if there is one: verified. */
  attestation?: AttestationDocument;
}

/** Background work that events tell of. */
export type BackgroundEvent = "RotateKey" | "DeleteKey" | "DeleteExpiredKeyMaterial";
