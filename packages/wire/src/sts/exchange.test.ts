/** STS over Fetch, beside the KMS, signed by somebody else's signer. */
import { ephemeralRootKey } from "@kmslite/hierarchy";
import { Service } from "@kmslite/service";
import { memoryStore } from "@kmslite/store";
import aws4 from "aws4";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHandler, sigV4Authenticator } from "../index.ts";

const KEY = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const OWNER = { accountId: "111122223333", principal: "arn:aws:iam::111122223333:root" };
let service: Service;
let serve: (request: Request) => Promise<Response>;

beforeAll(async () => {
  service = await Service.open({ rootKey: ephemeralRootKey(), store: memoryStore() });
  const authenticate = sigV4Authenticator({ accessKeys: [{ ...KEY, ...OWNER }], regions: ["us-east-1"] });
  serve = createHandler({ service, authenticate });
});

afterAll(() => service.close());

function signed(
  body: string,
  {
    secret = KEY.secretAccessKey,
    service: name = "sts",
    method = "POST",
    path = "/",
    contentType = "application/x-www-form-urlencoded; charset=utf-8",
  } = {},
): Request {
  const request = {
    host: "127.0.0.1",
    path,
    method,
    service: name,
    region: "us-east-1",
    ...(body === "" ? {} : { body }),
    headers: body === "" ? {} : { "content-type": contentType },
  };
  const { headers = {} } = aws4.sign(request, { accessKeyId: KEY.accessKeyId, secretAccessKey: secret });
  return new Request(`http://127.0.0.1${path}`, {
    method,
    headers: headers as Record<string, string>,
    body: body === "" ? null : body,
  });
}

/** Signed in its query, as whoever has somebody else ask who they are does. */
function presigned(query: string): Request {
  const { path = "" } = aws4.sign(
    {
      host: "127.0.0.1",
      path: `/?${query}&X-Amz-Expires=60`,
      service: "sts",
      region: "us-east-1",
      signQuery: true,
    },
    { accessKeyId: KEY.accessKeyId, secretAccessKey: KEY.secretAccessKey },
  );
  return new Request(`http://127.0.0.1${path}`, { headers: { host: "127.0.0.1" } });
}

const IDENTITY = "Action=GetCallerIdentity&Version=2011-06-15";

describe("STS", () => {
  test("tells a root user who it is, as a form and as a query", async () => {
    for (const request of [signed(IDENTITY), signed("", { method: "GET", path: `/?${IDENTITY}` })]) {
      const response = await serve(request);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("text/xml");
      const requestId = response.headers.get("x-amzn-requestid");
      expect(await response.text()).toBe(
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
          "<Arn>arn:aws:iam::111122223333:root</Arn><UserId>111122223333</UserId><Account>111122223333</Account>" +
          `</GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>` +
          "</GetCallerIdentityResponse>\n",
      );
    }
  });

  test("takes a presigned query, which others may pass on", async () => {
    const response = await serve(presigned(IDENTITY));
    expect(await response.text()).toContain(`<Account>${OWNER.accountId}</Account>`);
    const altered = presigned(IDENTITY).url.replace("Expires=60", "Expires=61");
    const refused = await serve(new Request(altered, { headers: { host: "127.0.0.1" } }));
    expect(refused.status).toBe(403);
  });

  test.each([
    ["a wrong signature", signed(IDENTITY, { secret: "other" }), 403, "SignatureDoesNotMatch"],
    ["no action", signed("Version=2011-06-15"), 400, "MissingAction"],
    ["an unknown action", signed("Action=Nothing&Version=2011-06-15"), 400, "InvalidAction"],
    [
      "an action of Object's prototype",
      signed("Action=constructor&Version=2011-06-15"),
      400,
      "InvalidAction",
    ],
    ["another version", signed("Action=GetCallerIdentity&Version=2010-05-08"), 400, "InvalidAction"],
    ["a parameter given twice", signed(`${IDENTITY}&Version=2011-06-15`), 400, "MalformedQueryString"],
    ["markup in the action", signed("Action=%3Ca%3E&Version=2011-06-15"), 400, "InvalidAction"],
    ["a body that is no form", signed("{}", { contentType: "application/json" }), 400, "MissingAction"],
  ])("refuses %s", async (_what, request, status, code) => {
    const response = await serve(request);
    const body = await response.text();
    expect([response.status, /<Code>(.*)<\/Code>/.exec(body)?.[1]]).toEqual([status, code]);
    expect(body).not.toContain("<a>");
  });

  test("takes no request that was signed for the KMS, and the KMS none that was signed for STS", async () => {
    const forKms = await serve(signed(IDENTITY, { service: "kms" }));
    expect(((await forKms.json()) as { __type: string }).__type).toBe("UnknownOperationException");
    const request = signed(IDENTITY);
    const claimed = (request.headers.get("authorization") ?? "").replace("/sts/", "/kms/");
    request.headers.set("authorization", claimed);
    const answer = (await (await serve(request)).json()) as { __type: string };
    expect(answer.__type).toBe("InvalidSignatureException");
  });
});
