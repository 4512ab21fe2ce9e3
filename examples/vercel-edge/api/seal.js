// POST /api/seal answers the body encrypted, POST /api/seal?open the other way round. The keys are in DynamoDB, which every region of
// the edge shares.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import module from "@kmslite/aead/gcm-simd.wasm?module";
import { dynamoDbStore } from "@kmslite/store/dynamodb";
import { createKms, rootKeyFromText } from "kmslite";

export const config = { runtime: "edge" };

const KeyId = "alias/seal";
let opening;

export default async function handler(request) {
  if (request.headers.get("authorization") !== `Bearer ${process.env.SEAL_TOKEN}`) {
    return new Response("unauthorized\n", { status: 401 });
  }
  opening ??= open();
  const kms = await opening;
  const body = new Uint8Array(await request.arrayBuffer());
  if (new URL(request.url).searchParams.has("open")) {
    const { Plaintext } = await kms.decrypt({ CiphertextBlob: body });
    return new Response(Plaintext);
  }
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: body });
  return new Response(CiphertextBlob);
}

async function open() {
  const client = new DynamoDBClient({
    region: process.env.AWS_REGION,
    endpoint: process.env.DYNAMODB_ENDPOINT,
    credentials: {
      accessKeyId: process.env.AWS_ACCESS_KEY_ID,
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
    },
  });
  // The edge runtime counts a body's bytes itself, and refuses a request that says how many they are.
  client.middlewareStack.remove("contentLengthMiddleware");
  const kms = await createKms({
    root: rootKeyFromText(process.env.KMSLITE_ROOT_KEY),
    store: dynamoDbStore({ client, table: process.env.KMSLITE_TABLE }),
    module,
  });
  const { Aliases } = await kms.listAliases();
  if (!Aliases.some(({ AliasName }) => AliasName === KeyId)) {
    const { KeyMetadata } = await kms.createKey({ Description: "seal" });
    await kms.createAlias({ AliasName: KeyId, TargetKeyId: KeyMetadata.KeyId });
  }
  return kms;
}
