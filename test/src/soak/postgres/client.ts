/** A client of the soak: AWS JSON 1.1 with Signature Version 4 over kept connections, without the SDK's retries. */
import { request } from "node:http";
import aws4 from "aws4";
import type { Member, ServerSettings } from "./fleet.ts";

/** What came back; `undefined` if the connection broke. */
export interface Answer {
  /** `ok`, or the name of the error. */
  readonly name: string;
  readonly message: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export function call(
  member: Member,
  { credentials, region }: Pick<ServerSettings, "credentials" | "region">,
  operation: string,
  input: object,
): Promise<Answer | undefined> {
  const signed = aws4.sign(
    {
      host: `127.0.0.1:${member.port}`,
      method: "POST",
      path: "/",
      service: "kms",
      region,
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `TrentService.${operation}`,
      },
      body: JSON.stringify(input),
    },
    credentials,
  );
  return new Promise((resolve) => {
    const sent = request(
      {
        agent: member.agent,
        host: "127.0.0.1",
        port: member.port,
        method: "POST",
        path: "/",
        headers: signed.headers as Record<string, string>,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", () => resolve(undefined));
        response.on("end", () => resolve(answerOf(response.statusCode, Buffer.concat(chunks))));
      },
    );
    sent.on("error", () => resolve(undefined));
    sent.end(signed.body);
  });
}

function answerOf(status: number | undefined, bytes: Buffer): Answer | undefined {
  try {
    const body = (bytes.length === 0 ? {} : JSON.parse(bytes.toString())) as Record<string, unknown>;
    if (status === 200) return { name: "ok", message: "", body };
    const type = String(body["__type"] ?? `status ${status}`);
    return { name: type.slice(type.indexOf("#") + 1), message: String(body["message"] ?? ""), body };
  } catch {
    // Cut off in the middle.
    return undefined;
  }
}
