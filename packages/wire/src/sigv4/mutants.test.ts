import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accepted,
  mutants,
  presign,
  signInHeader,
  substituted,
  type Unsigned,
  verify,
} from "../../test-support/mutants.ts";
import type { SignedRequest } from "./types.ts";

const unsigned: fc.Arbitrary<Unsigned> = fc.record({
  method: fc.constantFrom("POST", "GET", "PUT"),
  path: fc
    .array(fc.stringMatching(/^[\w~$!-]{1,5}$/), { maxLength: 3 })
    .map((segments) => `/${segments.join("/")}`),
  query: fc
    .array(fc.tuple(fc.stringMatching(/^[a-z]{1,3}$/), fc.string({ unit: "grapheme", maxLength: 3 })), {
      maxLength: 3,
    })
    .map((pairs) => pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")),
  headers: fc
    .dictionary(
      fc.constantFrom("Content-Type", "X-Amz-Target", "X-Amz-Meta", "Accept", "Amz-Sdk-Request"),
      fc.stringMatching(/^[!-+\--~]( ?[!-+\--~]){0,12}$/),
    )
    .map((headers) => Object.entries(headers)),
  body: fc.uint8Array({ maxLength: 24 }),
});

describe.each([
  ["signed in the header", signInHeader],
  ["presigned", presign],
] as const)("a request %s", (_, sign) => {
  it("is accepted as it is", async () => {
    await fc.assert(
      fc.asyncProperty(unsigned, async (request) => {
        await expect(verify(sign(request))).resolves.toMatchObject({ principal: "AKIDEXAMPLE" });
      }),
    );
  });

  it("is refused with any one bit changed, wherever it is", async () => {
    const request = sign({
      method: "POST",
      path: "/a/b",
      query: "x=%2F&y=",
      headers: [
        ["Content-Type", "application/x-amz-json-1.1"],
        ["X-Amz-Target", "TrentService.Decrypt"],
      ],
      body: new TextEncoder().encode('{"KeyId":"alias/a"}'),
    });
    expect(await accepted(request)).toBe(true);
    for (const mutant of mutants(request)) {
      if (await accepted(mutant)) expect.fail(`accepted ${JSON.stringify(mutant)}`);
    }
  });

  it("is refused with one bit changed, whatever it was", async () => {
    await fc.assert(
      fc.asyncProperty(unsigned, fc.nat(), async (request, choice) => {
        const all = [...mutants(sign(request))];
        for (let step = 0; step < 16; step++) {
          const mutant = all[(choice + step * 977) % all.length] as SignedRequest;
          expect(await accepted(mutant), JSON.stringify(mutant)).toBe(false);
        }
      }),
    );
  });

  it("is refused with one byte in place of another", async () => {
    await fc.assert(
      fc.asyncProperty(unsigned, fc.infiniteStream(fc.nat()), async (request, numbers) => {
        const signed = sign(request);
        for (let step = 0; step < 80; step++) {
          const mutant = substituted(signed, (below) => (numbers.next().value as number) % below);
          expect(await accepted(mutant), JSON.stringify(mutant)).toBe(false);
        }
      }),
    );
  });
});
