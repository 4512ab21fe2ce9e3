/** Aliases, tags, and the pages of every list. */
import { describe, expect, test } from "vitest";
import { type Opened, open } from "../../test-support/open.ts";

describe("aliases", () => {
  test("name a key, move to another, and go", async () => {
    const { kms, key, clock } = await open();
    const [one, other] = [await key(), await key()];
    await kms.createAlias({ AliasName: "alias/app", TargetKeyId: one });
    clock.now += 5000;
    await kms.updateAlias({ AliasName: "alias/app", TargetKeyId: other });
    expect((await kms.describeKey({ KeyId: "alias/app" })).KeyMetadata?.KeyId).toBe(other);
    expect((await kms.listAliases({ KeyId: one })).Aliases).toEqual([]);
    expect((await kms.listAliases({ KeyId: other })).Aliases).toEqual([
      {
        AliasName: "alias/app",
        AliasArn: "arn:aws:kms:us-east-1:111122223333:alias/app",
        TargetKeyId: other,
        CreationDate: new Date(clock.now - 5000),
        LastUpdatedDate: new Date(clock.now),
      },
    ]);
    await kms.deleteAlias({ AliasName: "alias/app" });
    await expect(kms.describeKey({ KeyId: "alias/app" })).rejects.toMatchObject({
      name: "NotFoundException",
    });
  });

  test.each([
    ["alias/", "InvalidAliasNameException"],
    ["app", "ValidationException"],
    ["alias/aws/s3", "NotAuthorizedException"],
    ["alias/sp ace", "ValidationException"],
    [`alias/${"x".repeat(251)}`, "ValidationException"],
  ])("can't be called %j", async (AliasName, name) => {
    const { kms, key, contents } = await open();
    const TargetKeyId = await key();
    const before = await contents();
    await expect(kms.createAlias({ AliasName, TargetKeyId })).rejects.toMatchObject({ name });
    expect(await contents()).toEqual(before);
  });

  test("of one name are made once, also at the same time", async () => {
    const { kms, key } = await open();
    const TargetKeyId = await key();
    const made = await Promise.allSettled(
      Array.from({ length: 5 }, () => kms.createAlias({ AliasName: "alias/app", TargetKeyId })),
    );
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(kms.createAlias({ AliasName: "alias/app", TargetKeyId })).rejects.toMatchObject({
      name: "AlreadyExistsException",
    });
  });

  test("name no alias and no unknown key", async () => {
    const { kms, key } = await open();
    await kms.createAlias({ AliasName: "alias/app", TargetKeyId: await key() });
    const create = (TargetKeyId: string) => kms.createAlias({ AliasName: "alias/b", TargetKeyId });
    await expect(create("alias/app")).rejects.toMatchObject({ name: "ValidationException" });
    await expect(create("00000000-0000-4000-8000-000000000000")).rejects.toMatchObject({
      name: "NotFoundException",
    });
    await expect(
      kms.updateAlias({ AliasName: "alias/none", TargetKeyId: await key() }),
    ).rejects.toMatchObject({
      name: "NotFoundException",
    });
    await expect(kms.deleteAlias({ AliasName: "alias/none" })).rejects.toMatchObject({
      name: "NotFoundException",
    });
  });

  test("are 50 for a key at most, also when they are made at the same time", async () => {
    const { kms, key } = await open();
    const TargetKeyId = await key();
    const made = await Promise.allSettled(
      Array.from({ length: 55 }, (_, index) =>
        kms.createAlias({ AliasName: `alias/a${index}`, TargetKeyId }),
      ),
    );
    const refused = made.filter((outcome) => outcome.status === "rejected");
    expect(refused).toHaveLength(5);
    for (const { reason } of refused) expect(reason).toMatchObject({ name: "LimitExceededException" });
    expect((await kms.listAliases({ KeyId: TargetKeyId, Limit: 100 })).Aliases).toHaveLength(50);
  });
});

describe("tags", () => {
  const tag = (index: number) => ({
    TagKey: `key ${String(index).padStart(2, "0")}`,
    TagValue: `value ${index}`,
  });

  test("are added, replaced and taken away", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    await kms.tagResource({ KeyId, Tags: [tag(2), tag(1)] });
    await kms.tagResource({ KeyId, Tags: [{ TagKey: "key 01", TagValue: "new" }] });
    await kms.untagResource({ KeyId, TagKeys: ["key 02", "never there"] });
    expect((await kms.listResourceTags({ KeyId })).Tags).toEqual([{ TagKey: "key 01", TagValue: "new" }]);
  });

  test("are 50 for a key at most, and differ in case", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    await kms.tagResource({ KeyId, Tags: Array.from({ length: 49 }, (_, index) => tag(index)) });
    await kms.tagResource({ KeyId, Tags: [{ TagKey: "KEY 01", TagValue: "another" }] });
    await expect(kms.tagResource({ KeyId, Tags: [tag(99)] })).rejects.toMatchObject({
      name: "LimitExceededException",
    });
    await kms.tagResource({ KeyId, Tags: [tag(1)] });
    expect((await kms.listResourceTags({ KeyId, Limit: 50 })).Tags).toHaveLength(50);
  });
});

describe("every list", () => {
  type List = (request: { Limit?: number; Marker?: string }) => Promise<{
    items: readonly unknown[];
    NextMarker?: string | undefined;
    Truncated?: boolean | undefined;
  }>;

  /** Lists of 7 items each. */
  async function lists({ kms, key }: Opened): Promise<Record<string, List>> {
    const KeyId = await key();
    for (let index = 0; index < 7; index++) {
      if (index < 6) await key();
      await kms.createAlias({ AliasName: `alias/a${index}`, TargetKeyId: KeyId });
      await kms.tagResource({ KeyId, Tags: [{ TagKey: `t${index}`, TagValue: "" }] });
      await kms.rotateKeyOnDemand({ KeyId });
    }
    return {
      ListKeys: async (request) => ({
        ...(await kms.listKeys(request)),
        items: (await kms.listKeys(request)).Keys ?? [],
      }),
      ListAliases: async (request) => {
        const { Aliases = [], ...page } = await kms.listAliases(request);
        return { ...page, items: Aliases };
      },
      "ListAliases of a key": async (request) => {
        const { Aliases = [], ...page } = await kms.listAliases({ KeyId, ...request });
        return { ...page, items: Aliases };
      },
      ListResourceTags: async (request) => {
        const { Tags = [], ...page } = await kms.listResourceTags({ KeyId, ...request });
        return { ...page, items: Tags };
      },
      ListKeyRotations: async (request) => {
        const { Rotations = [], ...page } = await kms.listKeyRotations({ KeyId, ...request });
        return { ...page, items: Rotations };
      },
    };
  }

  test("pages through everything once, whatever the limit", async () => {
    for (const [name, list] of Object.entries(await lists(await open()))) {
      const { items: all, Truncated } = await list({});
      expect([name, all.length, Truncated]).toEqual([name, 7, false]);
      for (const Limit of [1, 2, 3, 6, 7, 8]) {
        const paged: unknown[] = [];
        let Marker: string | undefined;
        do {
          const page = await list({ Limit, ...(Marker === undefined ? {} : { Marker }) });
          expect(page.Truncated).toBe(page.NextMarker !== undefined);
          paged.push(...page.items);
          Marker = page.NextMarker;
        } while (Marker !== undefined);
        expect([name, Limit, paged]).toEqual([name, Limit, all]);
      }
    }
  });

  test("refuses a marker that is mangled or of another list, and limits out of range", async () => {
    const all = await lists(await open());
    const { NextMarker: ofKeys = "" } = (await all["ListKeys"]?.({ Limit: 1 })) ?? {};
    for (const [name, list] of Object.entries(all)) {
      const { NextMarker = "" } = await list({ Limit: 1 });
      const bad = [
        `${NextMarker}A`,
        NextMarker.slice(0, -4),
        "nonsense",
        ...(name === "ListKeys" ? [] : [ofKeys]),
      ];
      for (const Marker of bad) {
        await expect(list({ Marker }), `${name} ${Marker}`).rejects.toMatchObject({
          name: "InvalidMarkerException",
        });
      }
      for (const Limit of [0, 1001, -1]) {
        await expect(list({ Limit })).rejects.toMatchObject({ name: "ValidationException" });
      }
    }
  });
});
