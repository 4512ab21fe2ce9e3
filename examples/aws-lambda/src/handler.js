// A KMS behind a function URL (auth type NONE: the KMS verifies signatures itself), with its keys in DynamoDB.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoDbStore } from "@kmslite/store/dynamodb";
import { createKms, lambdaHandler, rootKeyFromText } from "kmslite/lambda";

const { KMSLITE_TABLE, KMSLITE_ROOT_KEY, KMSLITE_ACCESS_KEY_ID, KMSLITE_SECRET_ACCESS_KEY } = process.env;

export const handler = lambdaHandler(async () => ({
  kms: await createKms({
    root: rootKeyFromText(KMSLITE_ROOT_KEY),
    store: dynamoDbStore({ client: new DynamoDBClient({}), table: KMSLITE_TABLE }),
    region: process.env.AWS_REGION,
  }),
  accessKeys: [{ accessKeyId: KMSLITE_ACCESS_KEY_ID, secretAccessKey: KMSLITE_SECRET_ACCESS_KEY }],
}));
