/**
 * The embedded KMS and the official SDK's `KMS` class have the same types, both ways. The assertions are types: `tsc` checks
 * them, and a drift of either side is a compile error that names the operation.
 */
import type { KMS } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import type { KmsMethods } from "./kms.ts";
import { loadOperations, methodNames, operationName } from "./operations/find.ts";

type Served = keyof KmsMethods & keyof KMS;

/** The SDK's class has overloads with callbacks; the promise form is what we are. */
type SdkMethod<Name extends Served> = KMS[Name] extends {
  (args: infer Request, options?: infer _Options): Promise<infer Response>;
  (args: never, callback: never): void;
  (args: never, options: never, callback: never): void;
}
  ? (args: Request) => Promise<Response>
  : never;

type RequestOf<Method> = Method extends (...args: infer Args) => unknown ? NonNullable<Args[0]> : never;
type ResponseOf<Method> = Method extends (...args: infer _Args) => Promise<infer Response> ? Response : never;

/** `never` fits everything, and would make every assertion below true. */
type IsNothing<Type> = [Type] extends [never] ? true : false;
type Known = {
  [Name in Served]: true extends
    | IsNothing<RequestOf<SdkMethod<Name>>>
    | IsNothing<ResponseOf<SdkMethod<Name>>>
    | IsNothing<RequestOf<KmsMethods[Name]>>
    | IsNothing<ResponseOf<KmsMethods[Name]>>
    ? false
    : true;
};

/** Names of the operations for which `Test` is not true. */
type Drift<Test extends Record<Served, boolean>> = {
  [Name in Served]: Test[Name] extends true ? never : Name;
}[Served];

/** Whoever calls our method with the SDK's request may. */
type RequestsOfSdkFit = {
  [Name in Served]: RequestOf<SdkMethod<Name>> extends RequestOf<KmsMethods[Name]> ? true : false;
};
/** Whoever calls the SDK's method with our request may. */
type RequestsOfOursFit = {
  [Name in Served]: RequestOf<KmsMethods[Name]> extends RequestOf<SdkMethod<Name>> ? true : false;
};
/** Whoever expects the SDK's answer gets it from us. */
type ResponsesOfOursFit = {
  [Name in Served]: ResponseOf<KmsMethods[Name]> extends ResponseOf<SdkMethod<Name>> ? true : false;
};
/** Our answers have no member that the SDK's don't have. */
type ResponsesOfSdkFit = {
  [Name in Served]: keyof ResponseOf<KmsMethods[Name]> extends keyof ResponseOf<SdkMethod<Name>>
    ? true
    : false;
};

type None<Names extends never> = Names;
export type Drifts = [
  None<Exclude<keyof KmsMethods, keyof KMS>>,
  None<Drift<Known>>,
  None<Drift<RequestsOfSdkFit>>,
  None<Drift<RequestsOfOursFit>>,
  None<Drift<ResponsesOfOursFit>>,
  None<Drift<ResponsesOfSdkFit>>,
];

test("every operation stands in the registry under the SDK's method name", async () => {
  const operations = await loadOperations();
  expect(operations.map(({ name }) => name)).toEqual(methodNames.map(operationName));
});
