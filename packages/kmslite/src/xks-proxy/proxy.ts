/**
 * A reference external key store proxy (XKS Proxy API v1.0), as a function from request to response: small, with its keys in memory.
 * It is for trying out custom key stores, and for whoever writes a proxy for a key manager.
 */
import { createVerifier, SignatureError } from "@kmslite/wire";
import { type Fields, fieldsOf, readBody } from "./body.ts";
import { assertUsable, type ExternalKey, open, type Sealed, seal } from "./external-keys.ts";
import { ProxyError } from "./proxy-error.ts";

export interface XksProxyOptions {
  /** What comes before `/kms/xks/v1`: empty, or a path that begins with a slash. */
  readonly pathPrefix?: string;
  /** Requests must be signed with one of them. Two at a time let credentials be rotated without a break. */
  readonly credentials: readonly { readonly accessKeyId: string; readonly secretAccessKey: string }[];
  /** Finds a key by its id. */
  readonly key: (id: string) => ExternalKey | undefined | Promise<ExternalKey | undefined>;
  /** Milliseconds since 1970; the platform's clock unless given. */
  readonly clock?: () => number;
  /** How long the keys may be looked for, in milliseconds; 200 unless given. */
  readonly keyTimeoutMs?: number;
  /** Requests in any second beyond these are refused; no limit unless given. */
  readonly requestsPerSecond?: number;
}

const SELF_TEST: ExternalKey = { versions: [new Uint8Array(32).fill(1)] };
const ROUTE = /^\/kms\/xks\/v1\/(?:(health)|keys\/([a-zA-Z0-9._-]{1,128})\/(metadata|encrypt|decrypt))$/;
/** Signing time and host alone are signed by AWS KMS; the content type says nothing that the proxy acts on. */
const UNSIGNED = "content-type";

/** Makes a proxy. It never throws: whatever happens is an answer. `GET /ping` is for load balancers. */
export function createXksProxy(options: XksProxyOptions): (request: Request) => Promise<Response> {
  const clock = options.clock ?? Date.now;
  const verify = createVerifier({
    credentials: (accessKeyId) => {
      const found = options.credentials.find((credential) => credential.accessKeyId === accessKeyId);
      return found && { ...found, principal: accessKeyId };
    },
    service: "kms-xks-proxy",
    regions: () => true,
    clock,
    concealUnknownKeys: true,
  });
  const admit = limiter(options.requestsPerSecond ?? Number.POSITIVE_INFINITY, clock);

  return async (request) => {
    try {
      const path = rawPath(request.url);
      if (request.method === "GET" && path === "/ping") return new Response("pong\n");
      const route = routeOf(path, options.pathPrefix ?? "");
      if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
      const body = await readBody(request);
      const headers = [...request.headers].filter(([name]) => name !== UNSIGNED || isSigned(request));
      await verify({ method: request.method, url: path, headers, body });
      admit();
      return Response.json(await answer(options, route, fieldsOf(body)));
    } catch (error) {
      return refusal(error);
    }
  };
}

type Route =
  | { readonly operation: "health" }
  | { readonly operation: "metadata" | "encrypt" | "decrypt"; readonly keyId: string };

function routeOf(path: string, prefix: string): Route {
  const match = path.startsWith(prefix) ? ROUTE.exec(path.slice(prefix.length)) : null;
  if (match === null) throw new ProxyError("InvalidUriPathException", "There is nothing at this path");
  if (match[1] === "health") return { operation: "health" };
  return { operation: match[3] as "metadata" | "encrypt" | "decrypt", keyId: match[2] ?? "" };
}

async function answer(options: XksProxyOptions, route: Route, fields: Fields): Promise<object> {
  const metadata = fields.structure("requestMetadata");
  for (const name of ["kmsOperation", "kmsRequestId"]) metadata.text(name);
  if (route.operation === "health") return health();
  const principal = metadata.text("awsPrincipalArn");
  if (route.operation !== "metadata") metadata.text("kmsKeyArn");
  const key = await inTime(options.key(route.keyId), options.keyTimeoutMs ?? 200);
  if (key === undefined) throw new ProxyError("KeyNotFoundException", "There is no such key");
  if (key.principals?.includes(principal) === false) {
    throw new ProxyError("AccessDeniedException", "The principal may not have this key used");
  }
  if (route.operation === "metadata") {
    const { usage = ["ENCRYPT", "DECRYPT"], status = "ENABLED" } = key;
    return { keySpec: "AES_256", keyUsage: usage, keyStatus: status };
  }
  fields.oneOf("encryptionAlgorithm", "AES_GCM");
  return route.operation === "encrypt" ? encrypt(key, fields) : decrypt(key, fields);
}

async function encrypt(key: ExternalKey, fields: Fields): Promise<object> {
  const plaintext = fields.bytes("plaintext");
  const aad = fields.optionalBytes("additionalAuthenticatedData") ?? new Uint8Array(0);
  const vouched = fields.has("ciphertextDataIntegrityValueAlgorithm");
  if (vouched) fields.oneOf("ciphertextDataIntegrityValueAlgorithm", "SHA_256");
  assertUsable(key, "ENCRYPT");
  if (vouched) assertUsable(key, "DECRYPT");
  const sealed = await seal(key, plaintext, aad);
  const answer = {
    ciphertext: base64(sealed.ciphertext),
    ciphertextMetadata: base64(sealed.metadata),
    initializationVector: base64(sealed.iv),
    authenticationTag: base64(sealed.tag),
  };
  if (!vouched) return answer;
  // Hashed before it is tried, so that what breaks in between does not go unnoticed (Appendix C).
  const value = await integrityOf(aad, sealed);
  const again = await open(key, sealed, aad);
  if (base64(again) !== base64(plaintext)) {
    throw new ProxyError("InternalException", "What was encrypted does not decrypt to the same");
  }
  return { ...answer, ciphertextDataIntegrityValue: value };
}

async function integrityOf(aad: Uint8Array, sealed: Sealed): Promise<string> {
  const hashed = Uint8Array.from([
    ...aad,
    ...sealed.metadata,
    ...sealed.iv,
    ...sealed.ciphertext,
    ...sealed.tag,
  ]);
  return base64(new Uint8Array(await crypto.subtle.digest("SHA-256", hashed)));
}

async function decrypt(key: ExternalKey, fields: Fields): Promise<object> {
  const sealed = {
    ciphertext: fields.bytes("ciphertext"),
    metadata: fields.optionalBytes("ciphertextMetadata") ?? new Uint8Array(0),
    iv: fields.bytes("initializationVector", [12, 16]),
    tag: fields.bytes("authenticationTag", [16]),
  };
  const aad = fields.optionalBytes("additionalAuthenticatedData") ?? new Uint8Array(0);
  assertUsable(key, "DECRYPT");
  return { plaintext: base64(await open(key, sealed, aad)) };
}

/** Deep: a key of its own encrypts and decrypts. */
async function health(): Promise<object> {
  const probe = Uint8Array.of(1, 2, 3);
  const sealed = await seal(SELF_TEST, probe, probe);
  const healthy = base64(await open(SELF_TEST, sealed, probe)) === base64(probe);
  return {
    xksProxyFleetSize: 1,
    xksProxyVendor: "KMSLite",
    xksProxyModel: "KMSLite reference proxy 1.0",
    ekmVendor: "KMSLite",
    ekmFleetDetails: [
      { id: "memory", model: "keys in memory", healthStatus: healthy ? "ACTIVE" : "UNAVAILABLE" },
    ],
  };
}

function isSigned(request: Request): boolean {
  const signed = /SignedHeaders=([^,\s]*)/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  return signed.split(";").includes(UNSIGNED);
}

function limiter(limit: number, clock: () => number): () => void {
  let second = 0;
  let count = 0;
  return () => {
    const now = Math.floor(clock() / 1000);
    count = now === second ? count + 1 : 1;
    second = now;
    if (count > limit) throw new ProxyError("ThrottlingException", "Too many requests");
  };
}

async function inTime<Value>(work: Value | Promise<Value>, ms: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new ProxyError("DependencyTimeoutException", "The key manager takes too long");
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The path as it was sent. */
function rawPath(url: string): string {
  const path = url.indexOf("/", url.indexOf("//") + 2);
  return path < 0 ? "/" : url.slice(path);
}

function refusal(error: unknown): Response {
  const told =
    error instanceof ProxyError
      ? error
      : error instanceof SignatureError
        ? new ProxyError("AuthenticationFailedException", "The request is not signed as it should be")
        : new ProxyError("InternalException", "The request could not be completed");
  return Response.json({ errorName: told.name, errorMessage: told.message }, { status: told.status });
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
