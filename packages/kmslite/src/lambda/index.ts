/**
 * KMSLite on AWS Lambda, behind a function URL or API Gateway.
 *
 * @example
 * ```ts
 * export const handler = lambdaHandler(async () => ({
 *   kms: await createKms({
 *     root: rootKeyFromText(process.env.KMSLITE_ROOT_KEY),
 *     store: dynamoDbStore({ client: new DynamoDBClient(), table: "kms" }),
 *   }),
 *   accessKeys: [{ accessKeyId: process.env.KEY_ID, secretAccessKey: process.env.SECRET }],
 * }));
 * ```
 */
export * from "../index.ts";
export { type LambdaEvent, type LambdaResult, requestOf, resultOf } from "./events.ts";
export { type LambdaHandler, lambdaHandler, type OpenedForLambda } from "./handler.ts";
