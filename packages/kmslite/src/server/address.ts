/** Where to listen, and whether anybody but this machine can reach it. */
import { lookup } from "node:dns/promises";
import { BlockList, isIPv6 } from "node:net";

/** An address to bind to. */
export interface Address {
  readonly ip: string;
  readonly loopback: boolean;
}

/** RFC 1122 §3.2.1.3 and RFC 4291 §2.5.3. */
const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/**
 * The address of a host name. It is this address that must be bound to, since the name may mean another one later.
 *
 * @throws what the resolver throws if there is no such host
 */
export async function addressOf(host: string): Promise<Address> {
  const { address, family } = await lookup(host);
  return { ip: address, loopback: loopback.check(address, family === 6 ? "ipv6" : "ipv4") };
}

/** The URL of a server. */
export function urlOf(protocol: "http" | "https", ip: string, port: number): string {
  return `${protocol}://${isIPv6(ip) ? `[${ip}]` : ip}:${port}`;
}
