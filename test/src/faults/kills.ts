/**
 * `kill -9` of a real server while clients change things through it.
 *
 * Each lane works on keys of its own and knows, of each, what was acknowledged. When the server is killed, one call of each lane
 * is under way. After the restart every key must be as it was acknowledged, or as the one call under way would make it:
 * wholly one or wholly the other.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { KMS } from "@aws-sdk/client-kms";
import { type Random, seeded } from "./random.ts";

const KMSLITE = join(
  dirname(createRequire(import.meta.url).resolve("kmslite/package.json")),
  "bin",
  "kmslite.js",
);
const LANES = 4;

/** What a client knows of a key; `undefined` members were never set. */
interface KeyModel {
  readonly name: string;
  readonly description: string;
  readonly state: string;
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
  readonly rotations: number;
  readonly rotationPeriod: number | undefined;
}

/** A change of a key, and what it makes of it. */
interface Change {
  readonly name: string;
  readonly after: KeyModel;
  send(client: KMS, keyId: string): Promise<unknown>;
}

/** A key whose creation was acknowledged, and a blob of its first material. */
interface Known {
  readonly keyId: string;
  model: KeyModel;
  blob: Uint8Array | undefined;
}

interface Lane {
  readonly number: number;
  readonly keys: Known[];
  created: number;
  /** The call that the server was killed under. */
  pending: { readonly known: Known; readonly change: Change } | { readonly creating: string } | undefined;
}

export interface Report {
  readonly calls: number;
  readonly kills: number;
  /** Calls under way at a kill that had happened nevertheless. */
  readonly happened: number;
}

const PLAINTEXT = new TextEncoder().encode("written before the kill");

/** Makes `calls` acknowledged changes under kills at random moments; rejects at the first thing lost or half done. */
export async function killRepeatedly(seed: number, calls: number): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-kills-"));
  const random = seeded(seed);
  const lanes: Lane[] = Array.from({ length: LANES }, (_, number) => ({
    number,
    keys: [],
    created: 0,
    pending: undefined,
  }));
  let acknowledged = 0;
  let kills = 0;
  let happened = 0;
  try {
    while (acknowledged < calls) {
      const server = await start(folder);
      happened += await verify(server.client, lanes);
      const killed = once(server.child, "exit");
      const timer = setTimeout(() => server.child.kill("SIGKILL"), 10 + random.below(120));
      const counts = await Promise.all(
        lanes.map((lane) => work(lane, server.client, seeded(random.below(2 ** 31)))),
      );
      clearTimeout(timer);
      server.child.kill("SIGKILL");
      await killed;
      acknowledged += counts.reduce((sum, count) => sum + count, 0);
      kills++;
    }
    const server = await start(folder);
    happened += await verify(server.client, lanes);
    server.child.kill("SIGTERM");
    await once(server.child, "exit");
    return { calls: acknowledged, kills, happened };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function start(folder: string): Promise<{ readonly child: ChildProcess; readonly client: KMS }> {
  const child = spawn(process.execPath, [KMSLITE, "serve", "--port", "0", "--data", folder, "--json"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = createInterface({ input: child.stdout });
  const { value } = await lines[Symbol.asyncIterator]().next();
  if (typeof value !== "string") throw new Error("the server did not start again");
  const { endpoint, region } = JSON.parse(value) as { endpoint: string; region: string };
  const shown = JSON.parse(value) as { accessKeyId: string; secretAccessKey?: string };
  credentials = {
    accessKeyId: shown.accessKeyId,
    secretAccessKey: shown.secretAccessKey ?? credentials.secretAccessKey,
  };
  return { child, client: new KMS({ endpoint, region, credentials, maxAttempts: 1 }) };
}

let credentials = { accessKeyId: "", secretAccessKey: "" };

/** Changes keys until the server is gone. Gives the number of acknowledged changes. */
async function work(lane: Lane, client: KMS, random: Random): Promise<number> {
  for (let count = 0; ; count++) {
    const known = lane.keys[random.below(lane.keys.length)];
    if (known === undefined || (lane.keys.length < 8 && random.below(8) === 0)) {
      const name = `lane ${lane.number}, key ${lane.created++}`;
      lane.pending = { creating: name };
      const created = await answerOrGone(client.createKey({ Description: name, Tags: tagsOf([name]) }));
      if (created === undefined) return count;
      lane.keys.push(knownKey(created.KeyMetadata?.KeyId ?? "", name));
    } else {
      const change = changeOf(known.model, random);
      lane.pending = { known, change };
      if ((await answerOrGone(change.send(client, known.keyId))) === undefined) return count;
      known.model = change.after;
      if (known.blob === undefined && known.model.state === "Enabled") {
        lane.pending = undefined;
        const sealed = await answerOrGone(client.encrypt({ KeyId: known.keyId, Plaintext: PLAINTEXT }));
        if (sealed === undefined) return count + 1;
        known.blob = sealed.CiphertextBlob;
      }
    }
    lane.pending = undefined;
  }
}

/** `undefined` if the server was killed before it answered; what it answers otherwise must not be an error. */
async function answerOrGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && "$response" in error && error.$response !== undefined) throw error;
    return undefined;
  }
}

function knownKey(keyId: string, name: string): Known {
  const model: KeyModel = {
    name,
    description: name,
    state: "Enabled",
    aliases: [],
    tags: [name],
    rotations: 0,
    rotationPeriod: undefined,
  };
  return { keyId, model, blob: undefined };
}

function changeOf(model: KeyModel, random: Random): Change {
  const possible = changesOf(model, random.below(1_000_000));
  return random.pick(possible);
}

/** What can be done with a key in its state. `fresh` makes names that were not used before. */
function changesOf(model: KeyModel, fresh: number): readonly [Change, ...Change[]] {
  const { state, aliases, tags, rotations } = model;
  const change = (name: string, after: Partial<KeyModel>, send: Change["send"]): Change => ({
    name,
    after: { ...model, ...after },
    send,
  });
  if (state === "PendingDeletion") {
    return [
      change("CancelKeyDeletion", { state: "Disabled" }, (client, KeyId) =>
        client.cancelKeyDeletion({ KeyId }),
      ),
    ];
  }
  const AliasName = `alias/${model.name.replace(/\W+/g, "-")}-${fresh}`;
  const tag = `tag ${fresh}`;
  const changes: [Change, ...Change[]] = [
    change("UpdateKeyDescription", { description: `${model.name} ${fresh}` }, (client, KeyId) =>
      client.updateKeyDescription({ KeyId, Description: `${model.name} ${fresh}` }),
    ),
    change("CreateAlias", { aliases: [...aliases, AliasName] }, (client, KeyId) =>
      client.createAlias({ AliasName, TargetKeyId: KeyId }),
    ),
    change("TagResource", { tags: [...tags, tag] }, (client, KeyId) =>
      client.tagResource({ KeyId, Tags: tagsOf([tag]) }),
    ),
    change("UntagResource", { tags: tags.slice(1) }, (client, KeyId) =>
      client.untagResource({ KeyId, TagKeys: tags.slice(0, 1).concat(tags.length === 0 ? ["none"] : []) }),
    ),
    change("ScheduleKeyDeletion", { state: "PendingDeletion" }, (client, KeyId) =>
      client.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 30 }),
    ),
  ];
  const gone = aliases[0];
  if (gone !== undefined) {
    changes.push(
      change("DeleteAlias", { aliases: aliases.slice(1) }, (client) =>
        client.deleteAlias({ AliasName: gone }),
      ),
    );
  }
  if (state === "Disabled") {
    changes.push(change("EnableKey", { state: "Enabled" }, (client, KeyId) => client.enableKey({ KeyId })));
    return changes;
  }
  const days = 90 + (fresh % 2000);
  changes.push(
    change("DisableKey", { state: "Disabled" }, (client, KeyId) => client.disableKey({ KeyId })),
    change("EnableKeyRotation", { rotationPeriod: days }, (client, KeyId) =>
      client.enableKeyRotation({ KeyId, RotationPeriodInDays: days }),
    ),
    change("DisableKeyRotation", { rotationPeriod: undefined }, (client, KeyId) =>
      client.disableKeyRotation({ KeyId }),
    ),
  );
  if (rotations < 25) {
    changes.push(
      change("RotateKeyOnDemand", { rotations: rotations + 1 }, (client, KeyId) =>
        client.rotateKeyOnDemand({ KeyId }),
      ),
    );
  }
  return changes;
}

/** Compares every key with what is known of it. Gives how many calls under way had happened. */
async function verify(client: KMS, lanes: readonly Lane[]): Promise<number> {
  let happened = 0;
  const stored = await keysByCreationTag(client);
  for (const lane of lanes) {
    const { pending } = lane;
    for (const known of lane.keys) {
      const found = show(await observe(client, known));
      const change =
        pending !== undefined && "known" in pending && pending.known === known ? pending.change : undefined;
      if (change !== undefined && found === show(change.after) && found !== show(known.model)) {
        known.model = change.after;
        happened++;
      } else if (found !== show(known.model)) {
        const expected =
          change === undefined ? "" : `, nor what ${change.name} makes of it, ${show(change.after)}`;
        throw new Error(
          `${known.model.name} is ${found}, not ${show(known.model)} as acknowledged${expected}`,
        );
      }
    }
    if (pending !== undefined && "creating" in pending) {
      const keyId = stored.get(pending.creating);
      if (keyId !== undefined) {
        const known = knownKey(keyId, pending.creating);
        const found = show(await observe(client, known));
        if (found !== show(known.model)) throw new Error(`${pending.creating} was half made: ${found}`);
        lane.keys.push(known);
        happened++;
      }
    }
    lane.pending = undefined;
  }
  const expected = lanes.reduce((sum, { keys }) => sum + keys.length, 0);
  if (stored.size !== expected) throw new Error(`there are ${stored.size} keys, not ${expected}`);
  return happened;
}

/** Ids of all keys by the first word of their description, which a change of it keeps. */
async function keysByCreationTag(client: KMS): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let Marker: string | undefined;
  do {
    const page = await client.listKeys({ Marker });
    for (const { KeyId } of page.Keys ?? []) {
      const { KeyMetadata } = await client.describeKey({ KeyId });
      const name = /^lane \d+, key \d+/.exec(KeyMetadata?.Description ?? "")?.[0] ?? `unnamed ${KeyId}`;
      found.set(name, KeyId ?? "");
    }
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return found;
}

async function observe(client: KMS, { keyId: KeyId, model, blob }: Known): Promise<KeyModel> {
  const { KeyMetadata } = await client.describeKey({ KeyId });
  const { Aliases = [] } = await client.listAliases({ KeyId });
  const { Tags = [] } = await client.listResourceTags({ KeyId });
  const { Rotations = [] } = await client.listKeyRotations({ KeyId });
  const state = KeyMetadata?.KeyState ?? "none";
  const status = state === "PendingDeletion" ? undefined : await client.getKeyRotationStatus({ KeyId });
  if (blob !== undefined && state === "Enabled") {
    const { Plaintext } = await client.decrypt({ CiphertextBlob: blob });
    if (!Buffer.from(Plaintext ?? []).equals(PLAINTEXT)) throw new Error(`${model.name} decrypts wrongly`);
  }
  return {
    name: model.name,
    description: KeyMetadata?.Description ?? "",
    state,
    aliases: Aliases.map(({ AliasName = "" }) => AliasName),
    tags: Tags.map(({ TagKey = "" }) => TagKey),
    rotations: Rotations.length,
    // Not told of a key that waits for its deletion.
    rotationPeriod:
      status === undefined
        ? model.rotationPeriod
        : status.KeyRotationEnabled
          ? status.RotationPeriodInDays
          : undefined,
  };
}

function show(model: KeyModel): string {
  return JSON.stringify({ ...model, aliases: model.aliases.toSorted(), tags: model.tags.toSorted() });
}

function tagsOf(names: readonly string[]): { TagKey: string; TagValue: string }[] {
  return names.map((TagKey) => ({ TagKey, TagValue: "x" }));
}
