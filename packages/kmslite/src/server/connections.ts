/** Which connection a request came over: Fetch's requests don't say. */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { FetchHandlerOptions } from "../kms.ts";

type ConnectionOf = NonNullable<FetchHandlerOptions["connectionOf"]>;

const connections = new WeakMap<Request, ReturnType<ConnectionOf>>();

/** Remembers it for as long as the request is there. */
export function noteConnection(request: Request, socket: object): void {
  const { remoteAddress } = socket as Partial<Socket>;
  connections.set(request, { ip: plainAddress(remoteAddress), tls: socket instanceof TLSSocket });
}

/** For {@link FetchHandlerOptions}. */
export const connectionOf: ConnectionOf = (request) => connections.get(request);

/** Sockets of both families show IPv4 addresses as IPv6 ones (RFC 4291 §2.5.5.2). */
function plainAddress(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:(?=[0-9.]+$)/i, "");
}
