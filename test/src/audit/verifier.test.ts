/** Logs that the KMS wrote, before a verifier that knows nothing of it; and 100,000 logs that somebody tampered with. */

import { verifyLog } from "@kmslite/service/audit";
import { createKms, ephemeralRootKey, type Kms, memoryStore } from "kmslite";
import { beforeAll, describe, expect, test } from "vitest";
import { continues, isIncluded, leafOf, openNote, rootOf, type Tree } from "./verifier.ts";

/** How many logs are tampered with. */
const TAMPERED = 100_000;
const EVENTS = 23;

let kms: Kms;
let lines: Buffer[];
let checkpoint: string;
let publicKey: string;
const earlier: Tree[] = [];

beforeAll(async () => {
  kms = await createKms({ root: ephemeralRootKey(), store: memoryStore(), audit: "store" });
  const { KeyMetadata } = await kms.createKey({});
  const log = await kms.auditLog();
  if (log === undefined) throw new Error("there is no log");
  publicKey = await log.publicKey();
  for (let count = 1; count < EVENTS; count++) {
    if (count % 3 === 0) earlier.push(openNote(await log.checkpoint(), publicKey));
    await kms.encrypt({
      KeyId: KeyMetadata?.KeyId,
      Plaintext: Buffer.from("x"),
      EncryptionContext: { n: `${count}` },
    });
  }
  lines = [];
  for await (const line of log.lines()) lines.push(Buffer.from(line));
  checkpoint = await log.checkpoint();
});

describe("an independent verifier", () => {
  test("finds size, root and signature of the checkpoint right", () => {
    const tree = openNote(checkpoint, publicKey);
    expect(tree.size).toBe(EVENTS);
    expect(tree.size).toBe(lines.length);
    expect(tree.root).toEqual(rootOf(lines));
    expect(() => openNote(checkpoint.replace(`${EVENTS}`, `${EVENTS - 1}`), publicKey)).toThrow("not signed");
  });

  test("accepts the proof of every event, and that each log continues the ones before it", async () => {
    const log = await kms.auditLog();
    const tree = openNote(checkpoint, publicKey);
    for (const [index, line] of lines.entries()) {
      const proof = (await log?.inclusionProof(index, tree.size)) ?? [];
      expect(isIncluded(leafOf(line), index, tree, proof)).toBe(true);
      expect(isIncluded(leafOf(line), (index + 1) % tree.size, tree, proof)).toBe(false);
    }
    for (const before of earlier) {
      const proof = (await log?.consistencyProof(before.size, tree.size)) ?? [];
      expect(continues(before, tree, proof)).toBe(true);
      expect(continues({ ...before, root: rootOf(lines.slice(1, 1 + before.size)) }, tree, proof)).toBe(
        false,
      );
    }
    expect(earlier.length).toBeGreaterThan(5);
  });
});

/** A generator with a seed (xorshift32), so that what was not found can be made again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Tampering = (log: Buffer[], below: (bound: number) => number) => Buffer[];

const TAMPERINGS: readonly Tampering[] = [
  // A byte of an event is changed.
  (log, below) => {
    const index = below(log.length);
    const line = Buffer.from(log[index] ?? Buffer.alloc(0));
    const at = below(line.length);
    line[at] = (line[at] ?? 0) ^ (1 + below(255));
    return log.with(index, line);
  },
  // Bytes of an event are taken out.
  (log, below) => {
    const index = below(log.length);
    const line = log[index] ?? Buffer.alloc(0);
    const at = below(line.length);
    return log.with(index, Buffer.concat([line.subarray(0, at), line.subarray(at + 1 + below(9))]));
  },
  // An event is deleted.
  (log, below) => log.toSpliced(below(log.length), 1 + below(3)),
  // One is inserted: a copy, or one that was made up.
  (log, below) => {
    const copy = log[below(log.length)] ?? Buffer.alloc(0);
    return log.toSpliced(
      below(log.length + 1),
      0,
      below(2) === 0 ? copy : Buffer.from(`{"eventID":"${below(2 ** 31)}"}`),
    );
  },
  // Two change places.
  (log, below) => {
    const one = below(log.length);
    const other = (one + 1 + below(log.length - 1)) % log.length;
    return log.with(one, log[other] ?? Buffer.alloc(0)).with(other, log[one] ?? Buffer.alloc(0));
  },
  // The end is cut off.
  (log, below) => log.slice(0, below(log.length)),
];

test(`${TAMPERED.toLocaleString("en")} logs that were tampered with are all found, given the last checkpoint`, async () => {
  const below = random(0x6b6d73);
  const { root } = openNote(checkpoint, publicKey);
  const unfound: number[] = [];
  for (let count = 0; count < TAMPERED; count++) {
    const tamper = TAMPERINGS[count % TAMPERINGS.length] as Tampering;
    const tampered = tamper(lines, below);
    // Every hundredth is also given to the KMS's own verifier, whose signature check takes its time.
    const found = tampered.length !== EVENTS || !rootOf(tampered).equals(root);
    const own = count % 100 === 0 ? await verifyLog(tampered, { checkpoint, publicKey }) : undefined;
    if (!found || (own !== undefined && own.problem === undefined)) unfound.push(count);
  }
  expect(unfound).toEqual([]);
  expect(await verifyLog(lines, { checkpoint, publicKey })).toMatchObject({ entries: EVENTS });
}, 600_000);
