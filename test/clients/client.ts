/** One way of calling the KMS that we did not write, behind one face. Blobs are bytes, times are left alone. */
export interface Client {
  readonly name: string;
  /** Runs an operation; rejects with an {@link OperationError} that holds AWS's error name. */
  call(operation: string, input: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** A refusal as the client saw it. */
export class OperationError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}

/** Where a server listens, and the access key that it accepts. */
export interface Endpoint {
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** JSON for clients of other languages: bytes as `{"base64": …}`. */
export function toWire(value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toWire(member)]));
}
