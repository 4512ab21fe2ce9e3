/** Several real server processes over one PostgreSQL database. */
import { setTimeout as sleep } from "node:timers/promises";
import { KMS } from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kmslite, type Server, serve, temporaryFolder } from "../cli/kmslite.ts";
import { type LocalPostgres, postgresPrograms, startPostgres } from "./local-postgres.ts";

const DAY = 86_400_000;
const credentials = { accessKeyId: "fleet", secretAccessKey: "0123456789abcdef" };

const programs = postgresPrograms();
if (programs === undefined) console.warn("skipped: servers over one PostgreSQL (it is not installed)");

describe.runIf(programs !== undefined)("servers over one database", () => {
  let postgres: LocalPostgres | undefined;
  let schemas = 0;
  beforeAll(async () => {
    if (programs !== undefined) postgres = await startPostgres(programs, ["max_connections=200"]);
  }, 60_000);
  afterAll(() => postgres?.stop());

  /** The environment of a fleet over a database of its own, which is made. */
  async function fleet(more: Record<string, string> = {}): Promise<Record<string, string>> {
    const env = {
      KMSLITE_STORE: `${postgres?.url}&schema=fleet_${++schemas}&connections=3`,
      KMSLITE_ROOT_KEY: "5a".repeat(32),
      KMSLITE_ACCESS_KEY_ID: credentials.accessKeyId,
      KMSLITE_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...more,
    };
    expect(await kmslite(["init"], { env, cwd: temporaryFolder() })).toMatchObject({ code: 0, stderr: "" });
    return env;
  }

  /** `count` servers whose clock is ahead by so many days, and a client of each. */
  async function servers(
    count: number,
    env: Record<string, string>,
    daysAhead = 0,
  ): Promise<readonly { readonly server: Server; readonly client: KMS }[]> {
    const ahead = daysAhead * DAY;
    const clock = `const now = Date.now; Date.now = () => now() + ${ahead};`;
    const options = {
      cwd: temporaryFolder(),
      env: { ...env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(clock)}` },
    };
    const started = Array.from({ length: count }, () => serve(["--port", "0", "--json"], options));
    return (await Promise.all(started)).map((server) => {
      const { endpoint, region } = server.started();
      const client = new KMS({ endpoint, region, credentials });
      // Before each call, because the SDK sets its clock by the Date header of answers, which Node.js takes from the real one.
      client.middlewareStack.add(
        (next) => (args) => {
          client.config.systemClockOffset = ahead;
          return next(args);
        },
        { step: "initialize" },
      );
      return { server, client };
    });
  }

  test.each([0, 400])(
    "a key disabled through one is refused by all once keyCacheMs have passed, at %d ms",
    async (keyCacheMs) => {
      const env = await fleet({ KMSLITE_KEY_CACHE_MS: String(keyCacheMs) });
      const all = await servers(3, env);
      const [one] = all;
      const KeyId = (await one?.client.createKey({}))?.KeyMetadata?.KeyId ?? "";
      const Plaintext = Buffer.from("x");
      for (const { client } of all) await client.encrypt({ KeyId, Plaintext });
      await one?.client.disableKey({ KeyId });
      await sleep(keyCacheMs + 1);
      for (const { client } of all) {
        await expect(client.encrypt({ KeyId, Plaintext })).rejects.toMatchObject({
          name: "DisabledException",
        });
      }
      await one?.client.enableKey({ KeyId });
      await sleep(keyCacheMs + 1);
      for (const { client } of all) await client.encrypt({ KeyId, Plaintext });
      for (const { server } of all) await server.stop();
    },
  );

  test("what was written through one server is read through another at once", async () => {
    const env = await fleet();
    const [a, b] = await servers(2, env);
    const KeyId = (await a?.client.createKey({ Description: "first" }))?.KeyMetadata?.KeyId ?? "";
    for (let round = 0; round < 20; round++) {
      const [writer, reader] = round % 2 === 0 ? [a, b] : [b, a];
      await writer?.client.updateKeyDescription({ KeyId, Description: `round ${round}` });
      const read = await reader?.client.describeKey({ KeyId });
      expect(read?.KeyMetadata?.Description).toBe(`round ${round}`);
    }
    for (const one of [a, b]) await one?.server.stop();
  });

  test("five servers that find work overdue do each piece of it once", async () => {
    const env = await fleet();
    const [first] = await servers(1, env);
    const client = first?.client;
    const create = async (): Promise<string> => (await client?.createKey({}))?.KeyMetadata?.KeyId ?? "";
    const rotating = await Promise.all(Array.from({ length: 12 }, create));
    for (const KeyId of rotating) await client?.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    const dying = await create();
    await client?.scheduleKeyDeletion({ KeyId: dying, PendingWindowInDays: 7 });
    const Plaintext = Buffer.from("before");
    const sealed = await client?.encrypt({ KeyId: rotating[0], Plaintext });
    await first?.server.stop();

    // 91 days later, by their clocks: rotations, a deletion and the domain key are due to all of them at their start.
    const later = await servers(5, env, 91);
    // Whoever meets another at a piece of work comes back to it after a second.
    const rotations = async (server: KMS | undefined, KeyId: string) =>
      (await server?.listKeyRotations({ KeyId }))?.Rotations ?? [];
    for (const KeyId of rotating) {
      while ((await rotations(later[0]?.client, KeyId)).length === 0) await sleep(200);
    }
    await Promise.all(later.map(({ client }) => client.listKeys({})));
    for (const { client } of later) {
      for (const KeyId of rotating) {
        const types = (await rotations(client, KeyId)).map(({ RotationType }) => RotationType);
        expect(types).toEqual(["AUTOMATIC"]);
      }
      await expect(client.describeKey({ KeyId: dying })).rejects.toMatchObject({ name: "NotFoundException" });
      const opened = await client.decrypt({ CiphertextBlob: sealed?.CiphertextBlob });
      expect(opened.Plaintext).toEqual(new Uint8Array(Plaintext));
    }
    for (const { server } of later) {
      const { stderr } = await server.stop();
      expect(stderr).not.toContain("DueWorkFailed");
    }
  });
});
