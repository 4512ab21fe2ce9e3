/** The store in DynamoDB, and its table. */
export { createDynamoDbTable } from "./create-table.ts";
export { type DynamoDbStoreOptions, dynamoDbStore } from "./dynamodb.ts";
