/** What a call leaves behind for its event while it runs. */
import type { KeyRecord } from "../database/records.ts";

export interface Trail {
  readonly requestId: string;
  readonly eventId: string;
  /** Keys that the call found, in the order in which it found them. */
  readonly keys: KeyRecord[];
  /** The request, once it has the shape of its operation. */
  request?: object;
}

/** Background work that events tell of. */
export type BackgroundEvent = "RotateKey" | "DeleteKey" | "DeleteExpiredKeyMaterial";
