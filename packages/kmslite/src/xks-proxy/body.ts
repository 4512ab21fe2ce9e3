/** The body of a request to the proxy: JSON, read field by field. */
import { ProxyError } from "./proxy-error.ts";

/** Twice what AWS KMS sends at most: 4,300 bytes of plaintext and 8,192 of AAD, in base64. */
const MAXIMUM_BYTES = 65_536;

/** @throws {ProxyError} UnsupportedOperationException if it is larger than the proxy takes */
export async function readBody(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > MAXIMUM_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const read = await reader?.read();
    if (read === undefined || read.done) break;
    length += read.value.length;
    // Whoever sends it has not proven anything yet, and may never come to an end.
    if (length > MAXIMUM_BYTES) {
      await reader?.cancel();
      throw tooLarge();
    }
    chunks.push(read.value);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

/** A JSON object whose fields are asked for by name; @throws {ProxyError} ValidationException from each of its methods */
export interface Fields {
  has(name: string): boolean;
  text(name: string): string;
  oneOf(name: string, value: string): void;
  structure(name: string): Fields;
  bytes(name: string, lengths?: readonly number[]): Uint8Array;
  optionalBytes(name: string): Uint8Array | undefined;
}

/** @throws {ProxyError} ValidationException if the body is no JSON object */
export function fieldsOf(body: Uint8Array): Fields {
  try {
    return fields(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)));
  } catch (error) {
    throw error instanceof ProxyError ? error : invalid("The body is not JSON");
  }
}

function fields(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid("An object is missing");
  const member = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  const text = (name: string): string => {
    const found = member(name);
    if (typeof found !== "string" || found === "") throw invalid(`${name} must be a text`);
    return found;
  };
  const bytes = (name: string, lengths?: readonly number[]): Uint8Array => {
    const decoded = fromBase64(text(name));
    if (decoded === undefined || (lengths !== undefined && !lengths.includes(decoded.length))) {
      throw invalid(`${name} must be base64 of the right length`);
    }
    return decoded;
  };
  return {
    has: (name) => member(name) !== undefined,
    text,
    oneOf: (name, allowed) => {
      if (text(name) !== allowed) throw invalid(`${name} must be ${allowed}`);
    },
    structure: (name) => fields(member(name)),
    bytes,
    optionalBytes: (name) => (member(name) === undefined ? undefined : bytes(name)),
  };
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text);
    if (btoa(binary) !== text) return undefined;
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function invalid(message: string): ProxyError {
  return new ProxyError("ValidationException", message);
}

function tooLarge(): ProxyError {
  return new ProxyError("UnsupportedOperationException", `The body is larger than ${MAXIMUM_BYTES} bytes`);
}
