/**
 * The official Signature Version 4 test suites as a list of cases.
 *
 * Two files of `shared/vectors/sigv4`: the suite of aws-c-auth, whose cases come signed in the header and in
 * the query, and the older one that botocore keeps, signed in the header. A case is the request as it is
 * sent, what was signed, and the values that signing went through.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SignatureTerms, SignedRequest } from "@kmslite/wire";

export const SIGV4_FILES = ["aws-c-auth-v4.json", "official-aws4-testsuite.json"] as const;

export interface Sigv4Case {
  /** file, name and form */
  readonly id: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  readonly terms: SignatureTerms;
  /** the request as it is sent, signature included */
  readonly sent: SignedRequest;
  /** the request as it was signed: a session token that was added afterwards is not in its query */
  readonly signed: SignedRequest;
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signature: string;
}

/** @throws if a file is absent or holds a case of another shape */
export function readSigv4Suites(directory: string): readonly Sigv4Case[] {
  const [commonRuntime, botocore] = SIGV4_FILES.map((file) =>
    JSON.parse(readFileSync(join(directory, file), "utf8")),
  ) as [CommonRuntimeSuite, BotocoreSuite];
  return [
    ...commonRuntime.cases.flatMap((entry) => [
      commonRuntimeCase(entry, "header"),
      commonRuntimeCase(entry, "query"),
    ]),
    ...botocore.cases.map((entry) => botocoreCase(entry, botocore.credentials)),
  ];
}

type Form = "header" | "query";

interface CommonRuntimeSuite {
  readonly cases: readonly CommonRuntimeEntry[];
}

type CommonRuntimeEntry = {
  readonly [text in
    | "name"
    | `${Form}-${"canonical-request" | "string-to-sign" | "signature" | "signed-request"}`]: string;
} & {
  readonly context: {
    readonly credentials: {
      readonly access_key_id: string;
      readonly secret_access_key: string;
      readonly token?: string;
    };
    readonly normalize: boolean;
    readonly region: string;
    readonly service: string;
    readonly timestamp: string;
    readonly omit_session_token?: boolean;
  };
};

interface BotocoreSuite {
  readonly credentials: Readonly<
    Record<"access_key_id" | "secret_access_key" | "region" | "service" | "timestamp", string>
  >;
  readonly cases: readonly Readonly<Record<"name" | "creq" | "sts" | "authz" | "sreq", string>>[];
}

function commonRuntimeCase(entry: CommonRuntimeEntry, form: Form): Sigv4Case {
  const { credentials, normalize, omit_session_token, ...scope } = entry.context;
  const sent = parseRequest(entry[`${form}-signed-request`]);
  const tokenIsAdded = form === "query" && omit_session_token === true;
  return {
    id: `aws-c-auth-v4/${entry.name}/${form}`,
    accessKeyId: credentials.access_key_id,
    secretAccessKey: credentials.secret_access_key,
    sessionToken: credentials.token,
    terms: { ...terms(scope, form, sent), normalizePath: normalize },
    sent,
    signed: tokenIsAdded ? { ...sent, url: sent.url.replace(/&X-Amz-Security-Token=[^&]*/, "") } : sent,
    canonicalRequest: entry[`${form}-canonical-request`],
    stringToSign: entry[`${form}-string-to-sign`],
    signature: entry[`${form}-signature`],
  };
}

function botocoreCase(
  entry: BotocoreSuite["cases"][number],
  credentials: BotocoreSuite["credentials"],
): Sigv4Case {
  // One file of the suite, get-vanilla-with-session-token.sreq, ends in a signature that is not the one of its
  // own .authz; botocore's tests compare with the latter.
  const sent = parseRequest(entry.sreq.replace(/Authorization: .*/, `Authorization: ${entry.authz}`));
  return {
    id: `official-aws4-testsuite/${entry.name}/header`,
    accessKeyId: credentials.access_key_id,
    secretAccessKey: credentials.secret_access_key,
    sessionToken: header(sent, "x-amz-security-token"),
    terms: terms(credentials, "header", sent),
    sent,
    signed: sent,
    canonicalRequest: entry.creq,
    stringToSign: entry.sts,
    signature: find(entry.authz, /Signature=([0-9a-f]+)/),
  };
}

function terms(
  { region, service, timestamp }: Readonly<Record<"region" | "service" | "timestamp", string>>,
  form: Form,
  sent: SignedRequest,
): SignatureTerms {
  const basic = timestamp.replace(/[-:]/g, "");
  const names =
    form === "header"
      ? find(header(sent, "authorization") ?? "", /SignedHeaders=([^,]+)/)
      : decodeURIComponent(find(sent.url, /X-Amz-SignedHeaders=([^&]+)/));
  return {
    form,
    scope: { date: basic.slice(0, 8), region, service },
    timestamp: basic,
    signedHeaders: names.split(";"),
  };
}

function parseRequest(text: string): SignedRequest {
  const [head, ...body] = text.split("\n\n") as [string, ...string[]];
  // A line that starts with a space continues the header before it: RFC 9112 §5.2, obs-fold.
  const [requestLine, ...headerLines] = head
    .replace(/\n[ \t]+/g, " ")
    .split("\n")
    .filter(Boolean);
  const [, method, url] = /^(\S+) (.*) HTTP\/1\.1$/.exec(requestLine ?? "") as unknown as [
    string,
    string,
    string,
  ];
  return {
    method,
    url,
    headers: headerLines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    }),
    body: new TextEncoder().encode(body.join("\n\n")),
  };
}

function header(request: SignedRequest, wanted: string): string | undefined {
  return [...request.headers].find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function find(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`${pattern.source} is not in ${text}`);
  return found;
}
