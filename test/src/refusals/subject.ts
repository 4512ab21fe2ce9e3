/** A KMS over the wire protocol, whose store can be looked at, and signed requests to it as a client would send them. */

import aws4 from "aws4";
import { createKms, type Kms, memoryStore, type Store } from "kmslite";

export const REGION = "us-east-1";
export const ACCOUNT = "111122223333";
const ACCESS_KEY = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const HOST = "kms.us-east-1.amazonaws.com";

interface Refusal {
  readonly status: number;
  readonly name: string;
}

/** What may differ from a proper request. */
interface Variation {
  /** Milliseconds by which the client's clock is ahead. */
  readonly skew?: number;
  /** The secret that it signs with. */
  readonly secretAccessKey?: string;
  /** Changes the headers after they were signed. */
  readonly tamper?: (headers: Headers) => void;
  /** Sends another body than the one that was signed. */
  readonly sentBody?: string;
}

export interface Subject {
  readonly kms: Kms;
  /** Every record of the store. */
  contents(): Promise<readonly string[]>;
  send(target: string, body: string, variation?: Variation): Promise<Response>;
  /** Sends what must be refused; fails if it is not, or if it changed the store. */
  refusal(target: string, body: string | object, variation?: Variation): Promise<Refusal>;
}

export async function subject(): Promise<Subject> {
  const store = memoryStore();
  const kms = await createKms({
    root: crypto.getRandomValues(new Uint8Array(32)),
    store,
    region: REGION,
    account: ACCOUNT,
  });
  const handler = kms.fetchHandler({ accessKeys: [ACCESS_KEY] });
  const send: Subject["send"] = (target, body, variation = {}) =>
    handler(signedRequest(`TrentService.${target}`, body, variation));
  return {
    kms,
    contents: () => contentsOf(store),
    send,
    refusal: async (target, body, variation) => {
      const before = await contentsOf(store);
      const response = await send(target, typeof body === "string" ? body : JSON.stringify(body), variation);
      const answer = (await response.json()) as { readonly __type?: string };
      const after = await contentsOf(store);
      if (before.join("\n") !== after.join("\n")) throw new Error(`${target} changed the store`);
      if (response.ok || answer.__type === undefined) throw new Error(`${target} was not refused`);
      return { status: response.status, name: answer.__type };
    },
  };
}

function signedRequest(target: string, body: string, variation: Variation): Request {
  const { skew = 0, secretAccessKey = ACCESS_KEY.secretAccessKey, tamper, sentBody = body } = variation;
  const signed = aws4.sign(
    {
      host: HOST,
      path: "/",
      method: "POST",
      service: "kms",
      region: REGION,
      body,
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": target,
        "X-Amz-Date": amzDate(Date.now() + skew),
      },
    },
    { ...ACCESS_KEY, secretAccessKey },
  );
  const headers = new Headers(signed.headers as Record<string, string>);
  headers.set("host", HOST);
  tamper?.(headers);
  return new Request(`https://${HOST}/`, { method: "POST", headers, body: sentBody });
}

/** ISO 8601 basic format, as Signature Version 4 wants it. */
function amzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

async function contentsOf(store: Store): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let start = "!"; ; ) {
    const page = await store.list({ start, end: "~~", limit: 1000 });
    lines.push(
      ...page.map(({ key, version, value }) => `${key} @${version} ${Buffer.from(value).toString("hex")}`),
    );
    const last = page.at(-1);
    if (last === undefined || page.length < 1000) return lines;
    start = `${last.key}!`;
  }
}
