/** What stands before a Lambda function: the SDK's requests as events of a function URL (payload format 2.0). */
import type { KMSClientConfig } from "@aws-sdk/client-kms";
import type { LambdaHandler } from "kmslite/lambda";

type RequestHandler = Exclude<KMSClientConfig["requestHandler"], undefined>;

export function lambdaRequestHandler(handler: LambdaHandler): RequestHandler {
  return {
    handle: async (request: {
      readonly method: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | Uint8Array;
    }) => {
      const { method, path, headers, body } = request;
      const { statusCode, ...answer } = await handler({
        headers,
        rawPath: path,
        rawQueryString: "",
        body: Buffer.from(body).toString("base64"),
        isBase64Encoded: true,
        requestContext: { http: { method } },
      });
      const response = { statusCode, headers: answer.headers, body: new TextEncoder().encode(answer.body) };
      return { response };
    },
  };
}
