/** `kmslite serve`: the KMS over HTTP, for the official AWS clients. */
import { Command, Option } from "commander";
import type { Kms, KmsOptions } from "../kms.ts";
import { accessKeyOf, type Credentials } from "../node/access-key-file.ts";
import { auditFile } from "../node/audit-file.ts";
import { codeOf } from "../node/private-file.ts";
import { addressOf } from "../server/address.ts";
import { connectionOf } from "../server/connections.ts";
import { keepDoingDueWork } from "../server/due-work.ts";
import { textOf, withRequestLog } from "../server/request-log.ts";
import { listen, type RunningServer, type ServerOptions } from "../server/server.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { nitroRootsOf } from "./nitro-roots.ts";
import {
  integer,
  type KmsCommandOptions,
  openByOptions,
  readNamedFile,
  regionOf,
  rootKeySource,
  withKmsOptions,
} from "./options.ts";
import { requestQuotasOf } from "./request-quotas.ts";
import { announce } from "./serve-announcement.ts";

const DEFAULT_PORT = 4599;

const HELP = `
Requests are signed with AWS Signature Version 4. The access key is made at the first start and kept in the data folder,
unless one is configured. In the environment it does not show in the list of processes, as it does among the arguments.

Without --port, a free port is taken if ${DEFAULT_PORT} is in use. The server listens on this machine alone unless --host says
otherwise; then it wants a configured access key and TLS, or --insecure-listen.

Examples:
  kmslite serve
  kmslite serve --port 0 --json                        any free port, told as JSON in the first line of stdout
  KMSLITE_ACCESS_KEY_ID=app KMSLITE_SECRET_ACCESS_KEY=… kmslite serve --host 0.0.0.0 --tls-cert c.pem --tls-key k.pem
  KMSLITE_STORE=postgresql://kms:…@db/kms kmslite serve        one of any number over one database (kmslite init first)`;

interface ServeOptions extends KmsCommandOptions {
  readonly host: string;
  readonly port?: number;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly insecureListen?: boolean;
  readonly otherRegions?: readonly string[];
  readonly replayGuard?: boolean;
  readonly quiet?: boolean;
  readonly keyCacheMs: number;
  readonly requestQuotas: string;
  readonly audit: string;
  readonly nitroRoot?: string;
}

export function serveCommand(): Command {
  return withKmsOptions(new Command("serve"))
    .description("serve the KMS over HTTP to AWS SDKs, AWS CLI and the like")
    .option("-p, --port <number>", `port; 0 for any free one (default: ${DEFAULT_PORT})`, integer(0, 65_535))
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .addOption(
      new Option("--access-key-id <id>", "access key that clients sign with").env("KMSLITE_ACCESS_KEY_ID"),
    )
    .addOption(new Option("--secret-access-key <key>", "and its secret").env("KMSLITE_SECRET_ACCESS_KEY"))
    .option("--tls-cert <file>", "certificate (PEM); serves HTTPS")
    .option("--tls-key <file>", "and its private key (PEM)")
    .option("--insecure-listen", "listen beyond this machine without TLS or without a configured access key")
    .addOption(
      new Option(
        "--key-cache-ms <milliseconds>",
        "how long a change of a key by another process may go unseen, 0 to 60000",
      )
        .default(1000)
        .env("KMSLITE_KEY_CACHE_MS")
        .argParser(integer(0, 60_000)),
    )
    .addOption(
      new Option(
        "--other-regions <regions>",
        "AWS Regions to serve besides --region, separated by commas; requests are signed for one of them",
      )
        .env("KMSLITE_OTHER_REGIONS")
        .argParser((text) => text.split(",").map(regionOf)),
    )
    .addOption(
      new Option(
        "--request-quotas <quotas>",
        "requests per second: aws, off, or a JSON file of quotas by name",
      )
        .default("off")
        .env("KMSLITE_REQUEST_QUOTAS"),
    )
    .addOption(
      new Option(
        "--audit <place>",
        "where every call leaves an event before it is answered: store, off, or a file of JSON lines",
      )
        .default("store")
        .env("KMSLITE_AUDIT"),
    )
    .addOption(
      new Option(
        "--nitro-root <file>",
        "certificates (PEM) that attestation documents of Nitro enclaves must lead to, instead of AWS's root",
      ).env("KMSLITE_NITRO_ROOT"),
    )
    .option("--replay-guard", "accept each signature once only, in this process")
    .option("--quiet", "log no requests")
    .addHelpText("after", HELP)
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  // From the first moment, so that a signal during the start is not the end of a half-made folder.
  const stopped = stopSignal();
  const configured = configuredCredentials(options);
  const tls = await tlsOf(options);
  const ip = await addressToUse(options, configured !== undefined && tls !== undefined);
  const { kms, directory, created, rootKeyFile } = await openByOptions(options, {
    // A database is many processes' business: its tables are made and migrated by `init` alone.
    create: options.store === undefined,
    onDueWorkFailure: dueWorkFailed,
    keyCacheMs: options.keyCacheMs,
    requestQuotas: await requestQuotasOf(options.requestQuotas),
    ...auditOf(options.audit),
    ...(options.nitroRoot === undefined ? {} : { nitroRoots: await nitroRootsOf(options.nitroRoot) }),
    ...(options.otherRegions === undefined ? {} : { otherRegions: options.otherRegions }),
  });
  try {
    const credentials = configured ?? (await accessKeyOf(directory.accessKeyFile));
    const { server, moved } = await listenOn(options.port, {
      ip,
      fetch: handlerOf(kms, credentials, options),
      ...(tls === undefined ? {} : { tls }),
    });
    announce({
      json: options.json === true,
      endpoint: server.url,
      kms,
      directory,
      created,
      rootKeyFile,
      rootKeySource: rootKeySource(options),
      credentials,
      configured: configured !== undefined,
      notice: moved ? `Port ${DEFAULT_PORT} is in use; took ${server.port} instead.` : undefined,
    });
    const stopDueWork = keepDoingDueWork(kms, dueWorkFailed);
    await stopped;
    stopDueWork();
    await server.stop();
  } finally {
    await kms.close();
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

function configuredCredentials({ accessKeyId, secretAccessKey }: ServeOptions): Credentials | undefined {
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (!accessKeyId || !secretAccessKey) {
    throw new CommandError(
      EXIT.usage,
      "--access-key-id and --secret-access-key go together, and neither may be empty",
    );
  }
  return { accessKeyId, secretAccessKey };
}

async function tlsOf({ tlsCert, tlsKey }: ServeOptions): Promise<ServerOptions["tls"]> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new CommandError(EXIT.usage, "--tls-cert and --tls-key go together");
  }
  return { cert: await readNamedFile(tlsCert), key: await readNamedFile(tlsKey) };
}

async function addressToUse({ host, insecureListen }: ServeOptions, secure: boolean): Promise<string> {
  const address = await addressOf(host).catch(() => undefined);
  if (host === "" || address === undefined) {
    throw new CommandError(EXIT.listen, `can't listen on '${host}': there is no such address`);
  }
  if (!address.loopback && !secure && insecureListen !== true) {
    throw new CommandError(
      EXIT.usage,
      `${host} can be reached from other machines. Configure an access key (KMSLITE_ACCESS_KEY_ID, ` +
        "KMSLITE_SECRET_ACCESS_KEY) and TLS (--tls-cert, --tls-key), or accept the risk with --insecure-listen",
    );
  }
  return address.ip;
}

/** A port that was asked for must be free; the default one gives way. */
async function listenOn(
  port: number | undefined,
  options: Omit<ServerOptions, "port">,
): Promise<{ readonly server: RunningServer; readonly moved: boolean }> {
  try {
    return { server: await listen({ ...options, port: port ?? DEFAULT_PORT }), moved: false };
  } catch (error) {
    if (port === undefined && codeOf(error) === "EADDRINUSE") {
      return { server: await listen({ ...options, port: 0 }), moved: true };
    }
    const reason = codeOf(error) === "EADDRINUSE" ? "the port is in use" : (error as Error).message;
    throw new CommandError(
      EXIT.listen,
      `can't listen on ${options.ip}, port ${port ?? DEFAULT_PORT}: ${reason}`,
      {
        cause: error,
      },
    );
  }
}

function handlerOf(kms: Kms, credentials: Credentials, options: ServeOptions): ServerOptions["fetch"] {
  const accessKeys = [credentials];
  const replayGuard = options.replayGuard === true;
  if (options.quiet === true) return kms.fetchHandler({ accessKeys, connectionOf, replayGuard });
  return withRequestLog(
    (onExchange) => kms.fetchHandler({ accessKeys, connectionOf, replayGuard, onExchange }),
    (line) => log(options.json === true ? line : textOf(line)),
  );
}

function auditOf(place: string): Pick<KmsOptions, "audit"> {
  if (place === "off") return {};
  return { audit: place === "store" ? "store" : auditFile({ path: place }) };
}

function dueWorkFailed(error: unknown): void {
  log({ error: "DueWorkFailed", message: String(error) });
}

function log(line: object | string): void {
  process.stderr.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);
}
