/**
 * The client of an external key store proxy (XKS Proxy API v1.0): JSON over HTTPS, POST, signed, and answered within a time limit.
 * Nothing of an answer is believed before it has the form that the API gives it.
 */
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { XksFailure } from "./failure.ts";
import { signatureHeaders, type XksCredential } from "./signature.ts";

/** A proxy, and how it is reached. */
export interface XksProxy {
  /** `https://` and a host name. */
  readonly endpoint: string;
  /** Ends in `/kms/xks/v1`. */
  readonly path: string;
  /** The Region that the KMS calls from. */
  readonly region: string;
  readonly credential: XksCredential;
  readonly fetch: (request: Request) => Promise<Response>;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** What the proxy is told of the call that it is asked for, for its log and its own authorization. */
export interface RequestMetadata {
  readonly awsPrincipalArn?: string;
  readonly kmsKeyArn?: string;
  readonly kmsOperation: string;
  readonly kmsRequestId: string;
}

/** Larger than any answer: 4,300 bytes of ciphertext in base64, and little besides. */
const MAXIMUM_ANSWER_BYTES = 65_536;

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Asks the proxy.
 *
 * @param place of the API below its path, such as `health`
 * @throws {XksFailure}
 */
export async function askProxy(
  proxy: XksProxy,
  place: string,
  body: { readonly requestMetadata: RequestMetadata } & Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const path = `${proxy.path}/${place}`;
  const payload = utf8ToBytes(JSON.stringify(body));
  const host = proxy.endpoint.slice("https://".length).toLowerCase();
  const signed = signatureHeaders(
    proxy.credential,
    { host, path, body: payload },
    proxy.region,
    proxy.clock(),
  );
  const { status, text } = await withinTime(proxy.timeoutMs, async (signal) => {
    const request = new Request(`${proxy.endpoint}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...signed },
      body: payload,
      redirect: "manual",
      signal,
    });
    const response = await proxy.fetch(request);
    return { status: response.status, text: await readText(response) };
  });
  const answer = parseObject(text);
  if (status === 200) return answer;
  throw new XksFailure(
    XksFailure.isProxyError(answer["errorName"]) ? answer["errorName"] : "MalformedResponse",
  );
}

/** @throws {XksFailure} whatever happened to the exchange */
async function withinTime<Value>(
  timeoutMs: number,
  exchange: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new XksFailure("TimedOut"));
      controller.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([exchange(controller.signal), tooLate]);
  } catch (error) {
    if (error instanceof XksFailure) throw error;
    throw new XksFailure(isTlsError(error) ? "TlsFailed" : "Unreachable", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Names of errors that platforms give to a failed handshake or a certificate that is not trusted. */
const TLS_ERROR = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH/;

/** Platforms tell the cause of a failed fetch in its `cause`, if at all. */
function isTlsError(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as Error & { readonly code?: unknown };
    if (typeof code === "string" && TLS_ERROR.test(code)) return true;
  }
  return false;
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const read = await reader?.read();
    if (read === undefined || read.done) break;
    length += read.value.length;
    if (length > MAXIMUM_ANSWER_BYTES) {
      await reader?.cancel();
      throw new XksFailure("MalformedResponse");
    }
    chunks.push(read.value);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw new XksFailure("MalformedResponse");
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch {
    // Not JSON: as malformed as JSON of another kind.
  }
  throw new XksFailure("MalformedResponse");
}
