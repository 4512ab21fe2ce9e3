/** Grants: what can be granted to whom, lists and their pages, tokens, and how a grant ends. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CALLER, type Opened, open } from "../../test-support/open.ts";
import { type Caller, kmsMethods } from "../index.ts";
import type { CreateGrantRequest } from "../types.ts";

const APP = "arn:aws:iam::111122223333:role/app";
const ADMIN = "arn:aws:iam::111122223333:user/team/admin";
const DAY = 86_400_000;

type Change = Partial<CreateGrantRequest>;

/** A key, and a way to make grants on it that differ from a plain one. */
async function opened() {
  const all = await open();
  const KeyId = await all.key();
  const grant = (change: Change = {}) =>
    all.kms.createGrant({ KeyId, GranteePrincipal: APP, Operations: ["Encrypt", "Decrypt"], ...change });
  return { ...all, KeyId, grant };
}

function byService({ service }: Opened, name: string) {
  const caller: Caller = { ...CALLER, service: name };
  return kmsMethods(service, caller);
}

describe("CreateGrant", () => {
  test("makes a grant that the list tells", async () => {
    const { kms, KeyId, grant, clock } = await opened();
    const { GrantId, GrantToken } = await grant({
      RetiringPrincipal: ADMIN,
      Name: "app-1",
      Operations: ["GenerateDataKey", "CreateGrant", "Decrypt", "Decrypt"],
      Constraints: { EncryptionContextSubset: { tenant: "a" } },
    });
    expect(GrantId).toMatch(/^[0-9a-f]{64}$/);
    expect(GrantToken).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    expect((await kms.listGrants({ KeyId })).Grants).toEqual([
      {
        KeyId: `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`,
        GrantId,
        Name: "app-1",
        CreationDate: new Date(clock.now),
        GranteePrincipal: APP,
        RetiringPrincipal: ADMIN,
        IssuingAccount: "arn:aws:iam::111122223333:root",
        Operations: ["CreateGrant", "Decrypt", "GenerateDataKey"],
        Constraints: { EncryptionContextSubset: { tenant: "a" } },
      },
    ]);
  });

  const refused: readonly (readonly [string, Change, string])[] = [
    ["no grantee", { GranteePrincipal: undefined }, "ValidationException"],
    ["two grantees", { GranteeServicePrincipal: "s3.amazonaws.com" }, "ValidationException"],
    [
      "two to retire it",
      { RetiringPrincipal: ADMIN, RetiringServicePrincipal: "s3.amazonaws.com" },
      "ValidationException",
    ],
    ["no operation", { Operations: [] }, "ValidationException"],
    ["an operation of other keys", { Operations: ["Sign"] }, "ValidationException"],
    ["a group", { GranteePrincipal: "arn:aws:iam::111122223333:group/g" }, "InvalidArnException"],
    ["a service as principal", { GranteePrincipal: "s3.amazonaws.com" }, "InvalidArnException"],
    ["no ARN", { RetiringPrincipal: "admin" }, "InvalidArnException"],
    ["everybody", { GranteePrincipal: "*" }, "ValidationException"],
    ["a name with a space", { Name: "a b" }, "ValidationException"],
    ["a long name", { Name: "n".repeat(257) }, "ValidationException"],
    [
      "two contexts",
      { Constraints: { EncryptionContextEquals: { a: "1" }, EncryptionContextSubset: { a: "1" } } },
      "ValidationException",
    ],
    ["nine pairs", { Constraints: { EncryptionContextEquals: pairs(9) } }, "ValidationException"],
    [
      "385 characters",
      { Constraints: { EncryptionContextSubset: { a: "v".repeat(385) } } },
      "ValidationException",
    ],
    [
      "a service without the resource it acts for",
      { GranteePrincipal: undefined, GranteeServicePrincipal: "s3.amazonaws.com", RetiringPrincipal: ADMIN },
      "ValidationException",
    ],
    [
      "a service's grant that nobody can retire",
      {
        GranteePrincipal: undefined,
        GranteeServicePrincipal: "s3.amazonaws.com",
        Constraints: { SourceArn: "arn:aws:s3:::111122223333:b" },
      },
      "ValidationException",
    ],
    ["a made-up token", { GrantTokens: ["AAAA"] }, "InvalidGrantTokenException"],
    ["eleven tokens", { GrantTokens: Array<string>(11).fill("AAAA") }, "ValidationException"],
    ["an unknown key", { KeyId: "00000000-0000-4000-8000-000000000000" }, "NotFoundException"],
    ["an alias", { KeyId: "alias/app" }, "InvalidArnException"],
    ["a dry run", { DryRun: true }, "DryRunOperationException"],
  ];

  test.each(refused)("refuses %s, and changes nothing", async (_, change, name) => {
    const { grant, contents } = await opened();
    const before = await contents();
    await expect(grant(change)).rejects.toMatchObject({ name });
    expect(await contents()).toEqual(before);
  });

  test.each<readonly [string, Change]>([
    ["8 pairs of 384 characters", { Constraints: { EncryptionContextEquals: pairs(8, 384) } }],
    ["a name of 256", { Name: "n".repeat(256) }],
    ["a role session", { GranteePrincipal: "arn:aws:sts::111122223333:assumed-role/app/session" }],
    ["a federated user", { GranteePrincipal: "arn:aws:sts::111122223333:federated-user/bob" }],
    ["another account", { GranteePrincipal: "arn:aws:iam::444455556666:root" }],
    ["an empty context", { Constraints: { EncryptionContextEquals: {} } }],
    [
      "a service, for one resource",
      {
        GranteePrincipal: undefined,
        GranteeServicePrincipal: "s3.amazonaws.com",
        RetiringServicePrincipal: "s3.amazonaws.com",
        Constraints: { SourceArn: "arn:aws:dynamodb:us-east-1:111122223333:table/t" },
      },
    ],
  ])("takes %s", async (_, change) => {
    const { kms, KeyId, grant } = await opened();
    const { GrantId } = await grant(change);
    expect((await kms.listGrants({ KeyId, GrantId })).Grants).toHaveLength(1);
  });

  test("by a service may name a service", async () => {
    const all = await opened();
    const rds = byService(all, "rds.us-east-1.amazonaws.com");
    const { GrantId } = await rds.createGrant({
      KeyId: all.KeyId,
      GranteePrincipal: "rds.us-east-1.amazonaws.com",
      Operations: ["Decrypt"],
    });
    expect((await all.kms.listGrants({ KeyId: all.KeyId })).Grants?.[0]?.GrantId).toBe(GrantId);
  });

  test("of one name and equal requests is one grant with a new token each; of others it is not", async () => {
    const { kms, KeyId, grant } = await opened();
    const one = { Name: "once", Operations: ["Decrypt", "Encrypt"] } as const;
    const first = await grant({ ...one, Operations: [...one.Operations] });
    const again = await grant({ Name: "once", Operations: ["Encrypt", "Decrypt"] });
    const other = await grant({ Name: "once", Operations: ["Decrypt"] });
    const [unnamed, unnamedAgain] = [await grant(), await grant()];
    expect(again.GrantId).toBe(first.GrantId);
    expect(again.GrantToken).not.toBe(first.GrantToken);
    expect(new Set([first, other, unnamed, unnamedAgain].map(({ GrantId }) => GrantId)).size).toBe(4);
    await kms.retireGrant({ GrantToken: again.GrantToken });
    expect((await grant({ Name: "once" })).GrantId).not.toBe(first.GrantId);
    expect((await kms.listGrants({ KeyId })).Grants).toHaveLength(4);
  });

  test("of one name at the same time makes one grant", async () => {
    const { kms, KeyId, grant } = await opened();
    const made = await Promise.all(Array.from({ length: 8 }, () => grant({ Name: "race" })));
    expect(new Set(made.map(({ GrantId }) => GrantId)).size).toBe(1);
    expect((await kms.listGrants({ KeyId })).Grants).toHaveLength(1);
  });

  test("stops at the limit, also for grants made at the same time, and goes on below it", async () => {
    const { kms, key } = await open({ limits: { grantsPerKey: 3 } });
    const KeyId = await key();
    const make = () => kms.createGrant({ KeyId, GranteePrincipal: APP, Operations: ["Decrypt"] });
    const made = await Promise.allSettled(Array.from({ length: 5 }, make));
    const refusals = made.filter((outcome) => outcome.status === "rejected");
    expect(refusals).toHaveLength(2);
    for (const { reason } of refusals) expect(reason).toMatchObject({ name: "LimitExceededException" });
    const [first] = (await kms.listGrants({ KeyId })).Grants ?? [];
    await kms.revokeGrant({ KeyId, GrantId: first?.GrantId });
    await make();
    await expect(make()).rejects.toMatchObject({ name: "LimitExceededException" });
  });
});

describe("the lists of grants", () => {
  test("page through everything once, also through the grants of one grantee", async () => {
    const { kms, KeyId, grant } = await opened();
    const made = new Map<string, string>();
    for (let index = 0; index < 23; index++) {
      const GranteePrincipal = `arn:aws:iam::111122223333:role/r${index % 3}`;
      const { GrantId = "" } = await grant({ GranteePrincipal, RetiringPrincipal: ADMIN });
      made.set(GrantId, GranteePrincipal);
    }
    const r1 = "arn:aws:iam::111122223333:role/r1";
    const filters = [
      { list: (page: object) => kms.listGrants({ KeyId, ...page }), expected: [...made.keys()] },
      {
        list: (page: object) => kms.listGrants({ KeyId, GranteePrincipal: r1, ...page }),
        expected: [...made].filter(([, grantee]) => grantee === r1).map(([id]) => id),
      },
      {
        list: (page: object) => kms.listRetirableGrants({ RetiringPrincipal: ADMIN, ...page }),
        expected: [...made.keys()],
      },
    ];
    for (const { list, expected } of filters) {
      for (const Limit of [1, 7, 23, 100]) {
        const ids: (string | undefined)[] = [];
        let Marker: string | undefined;
        do {
          const page = await list({ Limit, ...(Marker === undefined ? {} : { Marker }) });
          ids.push(...(page.Grants ?? []).map(({ GrantId }) => GrantId));
          expect(page.Truncated).toBe(page.NextMarker !== undefined);
          Marker = page.NextMarker;
        } while (Marker !== undefined);
        expect(ids.sort()).toEqual(expected.sort());
      }
    }
  });

  test("are of 50 unless a limit is given, of 100 at most", async () => {
    const { kms, KeyId, grant } = await opened();
    for (let index = 0; index < 51; index++) await grant({ RetiringPrincipal: ADMIN });
    expect((await kms.listGrants({ KeyId })).Grants).toHaveLength(50);
    expect((await kms.listRetirableGrants({ RetiringPrincipal: ADMIN })).Grants).toHaveLength(50);
    expect((await kms.listGrants({ KeyId, Limit: 100 })).Grants).toHaveLength(51);
    for (const list of [
      kms.listGrants({ KeyId, Limit: 101 }),
      kms.listRetirableGrants({ RetiringPrincipal: ADMIN, Limit: 101 }),
      kms.listGrants({ KeyId, Limit: 0 }),
    ]) {
      await expect(list).rejects.toMatchObject({ name: "ValidationException" });
    }
  });

  test("refuse what they do not take", async () => {
    const { kms, KeyId, grant } = await opened();
    await grant({ RetiringPrincipal: ADMIN });
    await grant({ RetiringPrincipal: ADMIN });
    const { NextMarker } = await kms.listGrants({ KeyId, Limit: 1 });
    const cases: readonly (readonly [Promise<unknown>, string])[] = [
      [kms.listGrants({ KeyId, GrantId: "short" }), "InvalidGrantIdException"],
      [kms.listGrants({ KeyId, Marker: "nonsense" }), "InvalidMarkerException"],
      [kms.listGrants({ KeyId, Marker: NextMarker, GranteePrincipal: ADMIN }), "InvalidMarkerException"],
      [kms.listRetirableGrants({ RetiringPrincipal: ADMIN, Marker: NextMarker }), "InvalidMarkerException"],
      [kms.listGrants({ KeyId, GranteeServicePrincipal: "s3.amazonaws.com" }), "AccessDeniedException"],
      [kms.listRetirableGrants({ RetiringServicePrincipal: "s3.amazonaws.com" }), "AccessDeniedException"],
      [kms.listRetirableGrants({}), "ValidationException"],
      [kms.listRetirableGrants({ RetiringPrincipal: "bob" }), "InvalidArnException"],
      [
        kms.listRetirableGrants({ RetiringPrincipal: "arn:aws:iam::444455556666:user/bob" }),
        "AccessDeniedException",
      ],
    ];
    await Promise.all(cases.map(([refusal, name]) => expect(refusal).rejects.toMatchObject({ name })));
  });

  test("show a service the grants of services", async () => {
    const all = await opened();
    const s3 = "s3.amazonaws.com";
    await all.grant({
      GranteePrincipal: undefined,
      GranteeServicePrincipal: s3,
      RetiringServicePrincipal: s3,
      Constraints: { SourceArn: "arn:aws:dynamodb:us-east-1:111122223333:table/t" },
    });
    await all.grant();
    const kms = byService(all, s3);
    expect((await kms.listGrants({ KeyId: all.KeyId, GranteeServicePrincipal: s3 })).Grants).toHaveLength(1);
    expect((await kms.listRetirableGrants({ RetiringServicePrincipal: s3 })).Grants).toHaveLength(1);
  });
});

describe("a grant ends", () => {
  test("by its token, by its id, and by revocation; nothing of it stays", async () => {
    const { kms, KeyId, grant, contents } = await opened();
    const first = await grant();
    await kms.revokeGrant({ KeyId, GrantId: first.GrantId });
    const before = (await contents()).map((line) => line.split(" ")[0]);
    const change = { Name: "n", RetiringPrincipal: ADMIN };
    const byToken = await grant(change);
    await kms.retireGrant({ GrantToken: byToken.GrantToken });
    const byId = await grant(change);
    const arn = `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`;
    await kms.retireGrant({ KeyId: arn, GrantId: byId.GrantId });
    const revoked = await grant(change);
    await kms.revokeGrant({ KeyId, GrantId: revoked.GrantId });
    expect((await contents()).map((line) => line.split(" ")[0])).toEqual(before);
    for (const { GrantToken, GrantId } of [byToken, byId, revoked]) {
      const again = [kms.retireGrant({ GrantToken }), kms.revokeGrant({ KeyId, GrantId })];
      const notFound = { name: "NotFoundException" };
      await Promise.all(again.map((refusal) => expect(refusal).rejects.toMatchObject(notFound)));
    }
  });

  test("not by a request that names it wrongly, nor by a dry run", async () => {
    const { kms, KeyId, grant, key, contents } = await opened();
    const { GrantId, GrantToken = "" } = await grant();
    const other = await key();
    const before = await contents();
    const cases: readonly (readonly [Promise<unknown>, string])[] = [
      [kms.retireGrant({}), "ValidationException"],
      [kms.retireGrant({ KeyId }), "ValidationException"],
      [kms.retireGrant({ GrantId }), "ValidationException"],
      [kms.retireGrant({ GrantToken, KeyId, GrantId }), "ValidationException"],
      [kms.retireGrant({ GrantToken: `${GrantToken.slice(0, -4)}AAAA` }), "InvalidGrantTokenException"],
      [kms.retireGrant({ KeyId, GrantId: "x" }), "InvalidGrantIdException"],
      [kms.retireGrant({ KeyId: other, GrantId }), "NotFoundException"],
      [kms.retireGrant({ KeyId: "arn:aws:kms:x", GrantId }), "InvalidArnException"],
      [kms.retireGrant({ GrantToken, DryRun: true }), "DryRunOperationException"],
      [kms.revokeGrant({ KeyId, GrantId: "x" }), "InvalidGrantIdException"],
      [kms.revokeGrant({ KeyId, GrantId: "0".repeat(64) }), "NotFoundException"],
      [kms.revokeGrant({ KeyId, GrantId, DryRun: true }), "DryRunOperationException"],
    ];
    await Promise.all(cases.map(([refusal, name]) => expect(refusal).rejects.toMatchObject({ name })));
    expect(await contents()).toEqual(before);
  });

  test("with its key, however many there are, while others are served", async () => {
    const { kms, KeyId, grant, clock, contents, service, key } = await opened();
    const other = await key();
    for (let index = 0; index < 900; index++) {
      await grant(index % 2 === 0 ? {} : { Name: `n${index}`, RetiringPrincipal: ADMIN });
    }
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    clock.now += 7 * DAY;
    await kms.encrypt({ KeyId: other, Plaintext: new Uint8Array(1) });
    const left = (await contents()).filter((line) => line.startsWith("grant/")).length;
    // The sentinel, and what one turn leaves of 900.
    expect(left).toBe(101);
    clock.now += 2000;
    await service.runDueWork();
    expect((await contents()).filter((line) => line.includes(KeyId))).toEqual([]);
  });
});

describe("a grant token", () => {
  test("goes with every operation that takes one, and is refused with any changed character", async () => {
    const { kms, KeyId, grant } = await opened();
    const { GrantToken = "" } = await grant();
    const encrypt = (token: string) =>
      kms.encrypt({ KeyId, Plaintext: new Uint8Array(1), GrantTokens: [GrantToken, token] });
    await encrypt(GrantToken);
    await kms.describeKey({ KeyId, GrantTokens: [GrantToken] });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(GrantToken.length - 1),
        fc.constantFrom(..."AZaz09+/="),
        async (at, character) => {
          const changed = GrantToken.slice(0, at) + character + GrantToken.slice(at + 1);
          fc.pre(changed !== GrantToken);
          await expect(encrypt(changed)).rejects.toMatchObject({ name: "InvalidGrantTokenException" });
        },
      ),
      { numRuns: 100 },
    );
  });

  test("outlives the domain key, and names nothing in another Region", async () => {
    const { kms, service, KeyId, grant } = await opened();
    const { GrantToken } = await grant();
    await service.rotateDomainKey();
    await kms.describeKey({ KeyId, GrantTokens: [GrantToken ?? ""] });
    const elsewhere = kmsMethods(service, { ...CALLER, region: "eu-west-1" });
    await expect(elsewhere.retireGrant({ GrantToken })).rejects.toMatchObject({
      name: "InvalidGrantTokenException",
    });
  });
});

/** `count` pairs with values of a length. */
function pairs(count: number, length = 1): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v".repeat(length)]));
}
