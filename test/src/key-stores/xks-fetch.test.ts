/** What a proxy answers, however odd, is an answer or an error, and never ends the process. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { xksFetch } from "kmslite/node";
import { afterAll, beforeAll, expect, test } from "vitest";

let server: Server;
let ca: string;
let answered = 0;
const CHUNK = new Uint8Array(65_536);

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), "xks-fetch-"));
  const [keyFile, certificateFile] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"].concat(
      ["-keyout", keyFile, "-out", certificateFile],
      subject,
    ),
    { stdio: "ignore" },
  );
  ca = readFileSync(certificateFile, "utf8");
  server = createServer({ cert: ca, key: readFileSync(keyFile) }, (request, response) => {
    const [, status = "200"] = (request.url ?? "").split("/");
    response.writeHead(Number(status));
    if (status !== "200") return response.end();
    // Without end, until nobody reads any more.
    const more = () => {
      while (!response.destroyed && response.write(CHUNK)) answered += CHUNK.length;
      if (!response.destroyed) response.once("drain", more);
    };
    more();
    return response;
  });
  rmSync(directory, { recursive: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function ask(status: number): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  const fetch = xksFetch({ ca, connectTo: () => ({ host: "127.0.0.1", port }) });
  return fetch(new Request(`https://localhost/${status}`, { method: "POST", body: "{}" }));
}

test.each([204, 304, 600, 999])(
  "status %i, which no Response with a body has, is an error",
  async (status) => {
    await expect(ask(status)).rejects.toThrow();
  },
);

test("an answer without end is not taken into memory", async () => {
  const response = await ask(200);
  const reader = response.body?.getReader();
  expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
  await reader?.cancel();
  expect(answered).toBeLessThan(16 * 1024 * 1024);
});
