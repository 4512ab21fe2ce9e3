/** `kmslite xks-proxy`: the reference external key store proxy over HTTPS. */
import { Command } from "commander";
import { readPrivateFile } from "../node/private-file.ts";
import { listen } from "../server/server.ts";
import { createXksProxy, type ExternalKey } from "../xks-proxy/index.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { integer, readNamedFile } from "./options.ts";

const HELP = `
The configuration is a JSON file that only its owner may read:
  {
    "pathPrefix": "/example",
    "credentials": [{ "accessKeyId": "…20 to 30 of A-Z 2-7…", "secretAccessKey": "…43 to 64 characters…" }],
    "keys": { "foo": { "versions": ["…32 bytes in base64…"], "usage": ["ENCRYPT", "DECRYPT"], "status": "ENABLED" } }
  }
With two credentials both are accepted, so that they can be rotated. The newest version of a key encrypts.`;

interface XksProxyCommandOptions {
  readonly config: string;
  readonly port: number;
  readonly host: string;
  readonly tlsCert: string;
  readonly tlsKey: string;
}

interface Configuration {
  readonly pathPrefix?: string;
  readonly credentials: readonly { readonly accessKeyId: string; readonly secretAccessKey: string }[];
  readonly keys: Readonly<
    Record<string, Omit<ExternalKey, "versions"> & { readonly versions: readonly string[] }>
  >;
}

export function xksProxyCommand(): Command {
  return new Command("xks-proxy")
    .description("serve a reference external key store proxy (XKS Proxy API v1.0)")
    .requiredOption("--config <file>", "credentials and keys (JSON)")
    .requiredOption("--tls-cert <file>", "certificate (PEM)")
    .requiredOption("--tls-key <file>", "and its private key (PEM)")
    .option("-p, --port <number>", "port; 0 for any free one", integer(0, 65_535), 443)
    .option("--host <address>", "IP address to listen on", "127.0.0.1")
    .addHelpText("after", HELP)
    .action(serve);
}

async function serve(options: XksProxyCommandOptions): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const { pathPrefix = "", credentials, keys } = await configurationOf(options.config);
  const byId = new Map(
    Object.entries(keys).map(([id, key]) => [
      id,
      { ...key, versions: key.versions.map((version) => new Uint8Array(Buffer.from(version, "base64"))) },
    ]),
  );
  const tls = { cert: await readNamedFile(options.tlsCert), key: await readNamedFile(options.tlsKey) };
  const fetch = createXksProxy({ pathPrefix, credentials, key: (id) => byId.get(id) });
  const server = await listen({ ip: options.host, port: options.port, fetch, tls });
  process.stdout.write(`${JSON.stringify({ url: server.url, port: server.port })}\n`);
  await stopped;
  await server.stop();
}

async function configurationOf(path: string): Promise<Configuration> {
  const text = await readPrivateFile(path);
  if (text === undefined) throw new CommandError(EXIT.file, `can't read ${path}: there is no such file`);
  try {
    const value = JSON.parse(text) as Configuration;
    if (value.credentials.every(isCredential) && Object.values(value.keys).every(isKey)) return value;
  } catch {
    // Not JSON, or something is missing: as unusable as JSON of another kind.
  }
  throw new CommandError(EXIT.usage, `${path} is no configuration of a proxy; --help shows one`);
}

/** A secret that is missing or short would be one that anybody can guess. */
function isCredential({ accessKeyId, secretAccessKey }: Configuration["credentials"][number]): boolean {
  const texts = typeof accessKeyId === "string" && typeof secretAccessKey === "string";
  return texts && secretAccessKey.length >= 43 && secretAccessKey.length <= 64;
}

/** A key of 16 bytes would be AES-128, and the number of a version is one byte. */
function isKey({ versions }: Configuration["keys"][string]): boolean {
  const right = versions.every((version) => Buffer.from(version, "base64").length === 32);
  return right && versions.length >= 1 && versions.length <= 256;
}
