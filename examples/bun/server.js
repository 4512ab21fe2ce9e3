// A KMS that the AWS SDKs and the AWS CLI can call, on Bun's own HTTP server.
import { openKms } from "kmslite/node";

const { kms } = await openKms({ directory: ".kmslite" });
const handle = kms.fetchHandler({
  accessKeys: [
    {
      accessKeyId: process.env.KMSLITE_ACCESS_KEY_ID,
      secretAccessKey: process.env.KMSLITE_SECRET_ACCESS_KEY,
    },
  ],
});
const server = Bun.serve({ hostname: "127.0.0.1", port: Number(process.env.PORT ?? 4599), fetch: handle });
console.log(`listening on ${server.url}`);

process.on("SIGTERM", async () => {
  await server.stop();
  await kms.close();
  process.exit(0);
});
