/**
 * One exchange of the protocol, apart from any transport: target and body in, status and body out.
 */
import { type AnyOperation, type Caller, KmsError, operationNamed, type Service } from "@kmslite/service";
import { readJson, writeJson } from "./json.ts";
import { SignatureError } from "./sigv4/error.ts";

/** The content type of AWS JSON 1.1. */
export const CONTENT_TYPE = "application/x-amz-json-1.1";

const TARGET_PREFIX = "TrentService.";

/** An answer for any transport. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty, or JSON. */
  readonly body: string;
  /** Name of the operation that was asked for, if it is one. */
  readonly operation: string | undefined;
  /** Name of the error, if the request was refused. */
  readonly error: string | undefined;
}

/** The operation that `X-Amz-Target` names; @throws {KmsError} UnknownOperationException */
function operationOfTarget(target: string | null | undefined): AnyOperation | Promise<AnyOperation> {
  const name = target?.startsWith(TARGET_PREFIX) === true ? target.slice(TARGET_PREFIX.length) : "";
  const operation = operationNamed(name);
  if (operation === undefined) throw new KmsError("UnknownOperationException", "");
  return operation;
}

/**
 * Runs one request. `caller` is asked first, so that a stranger learns nothing of what is served.
 *
 * @returns an answer in any case: whatever is thrown becomes an error of the protocol
 */
export async function exchange(
  service: Service,
  request: { readonly target: string | null | undefined; readonly body: () => Promise<Uint8Array> },
  caller: (body: Uint8Array, requestId: string) => Promise<Caller>,
): Promise<Answer> {
  const requestId = crypto.randomUUID();
  let name: string | undefined;
  try {
    const body = await request.body();
    const who = await caller(body, requestId);
    const found = operationOfTarget(request.target);
    const operation = "then" in found ? await found : found;
    name = operation.name;
    const input = await inputOf(service, operation, body, who);
    const output = await service.call(name, input, who);
    return answer(200, requestId, writeJson(output), name, undefined);
  } catch (error) {
    const refusal = asRefusal(error);
    const message = refusal.message === "" ? {} : { message: refusal.message };
    const body = JSON.stringify({ __type: refusal.name, ...message });
    return answer(refusal.httpStatus, requestId, body, name, refusal.name);
  }
}

/** A request that can't be read is refused, and leaves its event like any other. */
async function inputOf(
  service: Service,
  { name, input }: AnyOperation,
  body: Uint8Array,
  who: Caller,
): Promise<unknown> {
  try {
    return readJson(input, body);
  } catch (error) {
    return service.refuse(name, who, error);
  }
}

function answer(
  status: number,
  requestId: string,
  body: string,
  operation: string | undefined,
  error: string | undefined,
): Answer {
  const headers = {
    "content-type": CONTENT_TYPE,
    "x-amzn-requestid": requestId,
    "cache-control": "no-cache, no-store, must-revalidate, private",
  };
  return { status, headers, body, operation, error };
}

/** What is neither ours nor the verifier's is an internal error, without a word on the inside. */
function asRefusal(error: unknown): KmsError | SignatureError {
  if (error instanceof KmsError || error instanceof SignatureError) return error;
  return new KmsError("KMSInternalException", "The request could not be completed");
}
