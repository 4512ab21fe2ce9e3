/** The log in the store: its proofs, its checkpoints, and what happens to those who tamper with it. */
import { createHash, createPublicKey, verify } from "node:crypto";
import { memoryStore } from "@kmslite/store";
import { describe, expect, test } from "vitest";
import { open } from "../../test-support/open.ts";
import { leafHash, verifyConsistency, verifyInclusion } from "./merkle.ts";
import { CheckpointError, openCheckpoint, type VerifySignature } from "./signed-note.ts";

/** Ed25519 of node:crypto. */
const verifySignature: VerifySignature = async (publicKey, message, signature) => {
  const prefix = Buffer.from("302a300506032b6570032100", "hex");
  const key = createPublicKey({ key: Buffer.concat([prefix, publicKey]), format: "der", type: "spki" });
  return verify(null, message, key, signature);
};

async function logOf(events: number) {
  const store = memoryStore();
  const opened = await open({ store, audit: "store" });
  const log = await opened.service.auditLog();
  if (log === undefined) throw new Error("there is no log");
  const add = async (count: number) => {
    await Promise.all(Array.from({ length: count }, () => opened.kms.generateRandom({ NumberOfBytes: 1 })));
  };
  await add(events);
  return { ...opened, store, log, add };
}

async function linesOf(log: { lines(): AsyncGenerator<string> }): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of log.lines()) lines.push(line);
  return lines;
}

describe("a checkpoint", () => {
  test("is signed by the key of the log, which stays the same when the domain key is rotated", async () => {
    const { log, service, add } = await logOf(3);
    const key = await log.publicKey();
    const { size, root, origin } = await openCheckpoint(await log.checkpoint(), key, verifySignature);
    expect([size, root.length]).toEqual([3, 32]);
    expect(key.startsWith(`${origin}+`)).toBe(true);
    await service.rotateDomainKey();
    await add(1);
    expect(await log.publicKey()).toBe(key);
    expect(await openCheckpoint(await log.checkpoint(), key, verifySignature)).toMatchObject({ size: 4 });
  });

  test("is refused with any character changed, and under another key", async () => {
    const { log } = await logOf(3);
    const [note, key] = [await log.checkpoint(), await log.publicKey()];
    for (let at = 0; at < note.length; at++) {
      const changed = note.slice(0, at) + (note[at] === "A" ? "B" : "A") + note.slice(at + 1);
      await expect(openCheckpoint(changed, key, verifySignature)).rejects.toBeInstanceOf(CheckpointError);
    }
    const other = await (await logOf(1)).log.publicKey();
    await expect(openCheckpoint(note, other, verifySignature)).rejects.toBeInstanceOf(CheckpointError);
    for (const wrong of ["", "a+b+c", `${key}A`, key.replace("+", "x+")]) {
      await expect(openCheckpoint(note, wrong, verifySignature)).rejects.toBeInstanceOf(CheckpointError);
    }
  });

  test("may bear the lines of witnesses besides", async () => {
    const { log } = await logOf(2);
    const note = `${await log.checkpoint()}— witness.example ${Buffer.alloc(68).toString("base64")}\n`;
    expect(await openCheckpoint(note, await log.publicKey(), verifySignature)).toMatchObject({ size: 2 });
  });
});

describe("proofs from the store", () => {
  test("hold at sizes around whole subtrees", async () => {
    const { log, add } = await logOf(1);
    const key = await log.publicKey();
    const checkpoints = [await openCheckpoint(await log.checkpoint(), key, verifySignature)];
    for (const count of [254, 1, 1, 255, 1, 300, 700]) {
      await add(count);
      checkpoints.push(await openCheckpoint(await log.checkpoint(), key, verifySignature));
    }
    const lines = await linesOf(log);
    expect(lines).toHaveLength(1513);
    const bytes = lines.map((line) => new TextEncoder().encode(line));
    for (const { size, root } of checkpoints) {
      for (const index of [0, 1, 127, 254, 255, 256, 257, 511, 512, 1000, size - 1].filter((i) => i < size)) {
        const proof = await log.inclusionProof(index, size);
        expect(verifyInclusion(leafHash(bytes[index] as Uint8Array), index, size, proof, root)).toBe(true);
      }
      for (const later of checkpoints.filter((checkpoint) => checkpoint.size >= size)) {
        const proof = await log.consistencyProof(size, later.size);
        expect(verifyConsistency(size, root, later.size, later.root, proof)).toBe(true);
      }
    }
    await expect(log.inclusionProof(0, 1514)).rejects.toThrow(RangeError);
  });
});

describe("a store that was tampered with", () => {
  async function refused(tamper: (log: Awaited<ReturnType<typeof logOf>>) => Promise<void>): Promise<void> {
    const made = await logOf(300);
    await tamper(made);
    await expect(linesOf(made.log)).rejects.toMatchObject({ name: "IntegrityError" });
  }

  test("by removing entries, the head, or editing an entry is found when it is read", async () => {
    const entries = { start: "audit-log/entry/", end: "audit-log/entry/~", limit: 1000 };
    await refused(async ({ store }) => {
      const [, second] = await store.list(entries);
      await store.commit({
        checks: [],
        sets: [],
        deletes: [second?.key ?? (await store.list(entries))[0]?.key ?? ""],
      });
    });
    await refused(({ store }) =>
      store.commit({ checks: [], sets: [], deletes: ["audit-log/head"] }).then(() => {}),
    );
    await refused(async ({ store }) => {
      const [first] = await store.list(entries);
      if (first === undefined) throw new Error("no entry");
      const value = first.value.slice();
      value[value.length - 9] = (value[value.length - 9] ?? 0) ^ 1;
      await store.commit({ checks: [], sets: [{ ...first, value }], deletes: [] });
    });
  });

  test("by removing the head is found when it is opened: no new log is begun", async () => {
    const { store, service } = await logOf(3);
    await service.close();
    await store.commit({ checks: [], sets: [], deletes: ["audit-log/head"] });
    const again = await open({ store, audit: "store" });
    await expect(again.kms.generateRandom({ NumberOfBytes: 1 })).rejects.toMatchObject({
      name: "KMSInternalException",
    });
  });
});

test("the hash of a line is that of RFC 6962", async () => {
  const { log } = await logOf(1);
  const [line = ""] = await linesOf(log);
  const expected = createHash("sha256").update(Uint8Array.of(0)).update(line).digest();
  const { root } = await openCheckpoint(await log.checkpoint(), await log.publicKey(), verifySignature);
  expect(root).toEqual(new Uint8Array(expected));
});
