/** CloudTrail, as far as it is here: LookupEvents over AWS JSON 1.1, for the audit log in the store. */
import { KmsError } from "@kmslite/service";
import { type Answer, CONTENT_TYPE } from "../exchange.ts";
import type { Protocol } from "../protocol.ts";
import { SignatureError } from "../sigv4/error.ts";
import { CloudTrailError } from "./cloudtrail-error.ts";
import { lookupEvents } from "./lookup-events.ts";

/** Newer SDKs leave out the package before the service's name. */
const LOOKUP_EVENTS = /^(?:com\.amazonaws\.cloudtrail\.v20131101\.)?CloudTrail_20131101\.LookupEvents$/;

/** The caller is asked first, so that a stranger learns nothing of what is served. */
export const cloudTrailExchange: Protocol = async (service, { headers, body, caller }) => {
  const requestId = crypto.randomUUID();
  try {
    const bytes = await body();
    const who = await caller(bytes, requestId);
    if (!LOOKUP_EVENTS.test(headers.get("x-amz-target") ?? "")) {
      throw new CloudTrailError("UnknownOperationException", "");
    }
    const result = await lookupEvents(service, who, bytes);
    return answer(200, JSON.stringify(result), requestId, undefined);
  } catch (error) {
    const { name, message, httpStatus } = asCloudTrailError(error);
    return answer(httpStatus, JSON.stringify({ __type: name, message }), requestId, name);
  }
};

function answer(status: number, body: string, requestId: string, error: string | undefined): Answer {
  const headers = {
    "content-type": CONTENT_TYPE,
    "x-amzn-requestid": requestId,
    "cache-control": "no-cache, no-store, must-revalidate, private",
  };
  return { status, headers, body, operation: "LookupEvents", error };
}

/** What is none of ours is an internal error, without a word on the inside. */
function asCloudTrailError(error: unknown): CloudTrailError | SignatureError | KmsError {
  if (error instanceof CloudTrailError || error instanceof SignatureError) return error;
  if (error instanceof KmsError && error.httpStatus < 500) return error;
  return new CloudTrailError("InternalFailure", "The request could not be completed");
}
