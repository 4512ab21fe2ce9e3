/** The Security Token Service, as far as it is here: one exchange of AWS's Query protocol. */
import type { Caller, Service } from "@kmslite/service";
import type { Answer } from "../exchange.ts";
import type { Protocol } from "../protocol.ts";
import { assumeRole } from "./assume-role.ts";
import { getCallerIdentity } from "./get-caller-identity.ts";
import { type QueryParameters, readQuery, unknownAction } from "./query.ts";
import { asStsError } from "./sts-error.ts";
import { type Elements, errorXml, resultXml } from "./xml.ts";

/** One action: the elements of its result. */
export type StsAction = (call: {
  readonly service: Service;
  readonly caller: Caller;
  readonly parameters: QueryParameters;
}) => Promise<Elements>;

const ACTIONS: Readonly<Record<string, StsAction>> = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
};

/** The caller is asked first, so that a stranger learns nothing of what is served. */
export const stsExchange: Protocol = async (service, request) => {
  const requestId = crypto.randomUUID();
  let operation: string | undefined;
  try {
    const body = await request.body();
    const caller = await request.caller(body, requestId);
    const { action, parameters } = readQuery(request, body);
    const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (run === undefined) throw unknownAction(action);
    operation = action;
    const result = await run({ service, caller, parameters });
    return answer(200, resultXml(action, result, requestId), requestId, operation, undefined);
  } catch (error) {
    const { code, message, httpStatus } = asStsError(error);
    const type = httpStatus >= 500 ? "Receiver" : "Sender";
    return answer(httpStatus, errorXml(type, code, message, requestId), requestId, operation, code);
  }
};

function answer(
  status: number,
  body: string,
  requestId: string,
  operation: string | undefined,
  error: string | undefined,
): Answer {
  const headers = {
    "content-type": "text/xml",
    "x-amzn-requestid": requestId,
    "cache-control": "no-cache, no-store, must-revalidate, private",
  };
  return { status, headers, body, operation, error };
}
