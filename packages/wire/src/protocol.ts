/** What answers the requests for one of the services behind the endpoint. */
import type { Caller, Service } from "@kmslite/service";
import type { Answer } from "./exchange.ts";

/** A request, apart from any transport. */
interface ProtocolRequest {
  readonly method: string;
  readonly headers: Headers;
  /** The query as it was sent, with its question mark; empty without one. */
  readonly search: string;
  /** @throws {KmsError} RequestEntityTooLargeException */
  readonly body: () => Promise<Uint8Array>;
  /** Establishes the caller; @throws {SignatureError} if it can't */
  readonly caller: (body: Uint8Array, requestId: string) => Promise<Caller>;
}

/** Never throws: whatever happens is an answer. */
export type Protocol = (service: Service, request: ProtocolRequest) => Promise<Answer>;
