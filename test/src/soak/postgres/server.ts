/**
 * One server process of the soak: the KMS over HTTP, like `kmslite serve`, but for its clock, which the soak moves on by months.
 *
 * The clock is the platform's plus what stands in a file that all processes of the run read, so that they agree on the time as hosts
 * with synchronized clocks do. Signatures are judged by the platform's clock.
 */
import { openSync, readSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { secretRootKey } from "@kmslite/hierarchy";
import { Service } from "@kmslite/service";
import { postgresStore } from "@kmslite/store/postgres";
import { createHandler, sigV4Authenticator } from "@kmslite/wire";
import type { ServerSettings } from "./fleet.ts";

const settings = JSON.parse(process.argv[2] ?? "") as ServerSettings;
const { url, schema, clockFile, keyCacheMs, credentials, region, accountId } = settings;

const clockHandle = openSync(clockFile, "r");
const ahead = Buffer.alloc(8);
function clock(): number {
  readSync(clockHandle, ahead, 0, 8, 0);
  return Date.now() + ahead.readDoubleLE();
}

const service = await Service.open({
  store: await postgresStore({ url, schema, connections: 4 }),
  rootKey: secretRootKey(Buffer.alloc(32, 0x5a)),
  clock,
  keyCacheMs,
  limits: { onDemandRotationsPerKey: 1_000_000, aliasesPerKey: 1_000_000 },
  // Every few steps of the clock, and not at each.
  domainKeyRotationDays: 365,
  onDueWorkFailure: (error) => process.stderr.write(`due work failed: ${error}\n`),
});
const principal = `arn:aws:iam::${accountId}:root`;
const authenticate = sigV4Authenticator({
  accessKeys: [{ ...credentials, accountId, principal }],
  regions: [region],
});
const respond = getRequestListener(createHandler({ service, authenticate }), {
  overrideGlobalObjects: false,
});
const server = createServer(respond);
// A connection that the server closes just when a call comes along it would look like a lost answer.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
// Nothing is ever written to it: it ends with the soak, however that ends.
process.stdin.resume().on("end", () => process.exit());
// Due work is looked for also by a server that nobody calls.
setInterval(() => void service.runDueWork().catch(() => {}), 1000).unref();
