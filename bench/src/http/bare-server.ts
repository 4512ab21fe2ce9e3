/** The least that a server in Node.js can do: read a JSON body, answer JSON of the size and the headers that the KMS answers with. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer of the KMS, read once. */
const { headers, body } = JSON.parse(process.argv[2] ?? "") as {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { KeyId } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly KeyId: string };
    const text = JSON.stringify({ ...body, KeyId });
    response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(text) });
    response.end(text);
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ endpoint: `http://127.0.0.1:${port}` })}\n`);
});
