/**
 * The service as an object with a method for each operation: a drop-in for the SDK's `KMS` class.
 */
import type { Caller } from "./caller.ts";
import type { Operation } from "./operation.ts";
import { methodNames, operationName } from "./operations/find.ts";
import type { Operations } from "./operations/index.ts";
import type { Service } from "./service.ts";

/** What the SDK adds to every answer. */
export interface ResponseMetadata {
  readonly $metadata: {
    readonly httpStatusCode?: number;
    readonly requestId?: string;
    readonly attempts?: number;
    readonly totalRetryDelay?: number;
  };
}

/** One method; the request may be left out where none of its members is required. */
export type KmsMethod<Request, Response> =
  Partial<Request> extends Request
    ? (request?: Request) => Promise<Response & ResponseMetadata>
    : (request: Request) => Promise<Response & ResponseMetadata>;

type MethodOf<Op> =
  Op extends Operation<infer Request, infer Response> ? KmsMethod<Request, Response> : never;

/** Every operation as a method with the SDK's name, request, response and errors. */
export type KmsMethods = {
  readonly [Name in keyof Operations]: MethodOf<Operations[Name]>;
};

/** The operations for one caller. */
export function kmsMethods(service: Service, caller: Caller): KmsMethods {
  const methods: Record<string, (request?: unknown) => Promise<object>> = {};
  for (const method of methodNames) {
    const name = operationName(method);
    methods[method] = async (request) => {
      const response = await service.call(name, request, caller);
      return { ...response, $metadata: { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 } };
    };
  }
  return methods as unknown as KmsMethods;
}
