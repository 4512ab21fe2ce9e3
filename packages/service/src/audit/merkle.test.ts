/** Merkle trees and their proofs, against the definition of RFC 6962 written down as it stands. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Frontier } from "./frontier.ts";
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  nodeHash,
  rangeHash,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(createHash("sha256").update(Buffer.concat(parts)).digest());

/** `MTH` of RFC 6962 §2.1, by recursion over the entries themselves. */
function naiveRoot(entries: readonly Uint8Array[]): Uint8Array {
  const [only] = entries;
  if (only === undefined) return sha256();
  if (entries.length === 1) return sha256(Uint8Array.of(0), only);
  const split = 2 ** Math.ceil(Math.log2(entries.length) - 1);
  return sha256(Uint8Array.of(1), naiveRoot(entries.slice(0, split)), naiveRoot(entries.slice(split)));
}

function frontierOf(entries: readonly Uint8Array[]): Frontier {
  const frontier = new Frontier();
  for (const entry of entries) frontier.append(leafHash(entry));
  return frontier;
}

const entries = fc.array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 70 });
const hashOf = (all: readonly Uint8Array[]) => async (start: number, end: number) =>
  naiveRoot(all.slice(start, end));

describe("the root", () => {
  test("of nothing is the hash of nothing", () => {
    expect(new Frontier().root()).toEqual(sha256());
  });

  test("is that of the definition, at every size", () => {
    const all = Array.from({ length: 70 }, (_, index) => Uint8Array.of(index));
    for (let size = 1; size <= all.length; size++) {
      expect(frontierOf(all.slice(0, size)).root()).toEqual(naiveRoot(all.slice(0, size)));
    }
  });

  test("goes on from the bytes of a frontier, which are read back as they were", () => {
    fc.assert(
      fc.property(entries, entries, (before, after) => {
        const frontier = Frontier.decode(frontierOf(before).encode());
        expect(frontier.size).toBe(before.length);
        for (const entry of after) frontier.append(leafHash(entry));
        expect(frontier.root()).toEqual(naiveRoot([...before, ...after]));
      }),
    );
  });

  test("bytes that are no frontier are refused", () => {
    const bytes = frontierOf([Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]).encode();
    for (const wrong of [bytes.subarray(1), bytes.subarray(0, 40), new Uint8Array(0), new Uint8Array(40)]) {
      expect(() => Frontier.decode(wrong)).toThrow(RangeError);
    }
  });

  test("every subtree that is completed is told once, with its hash", () => {
    const all = Array.from({ length: 64 }, (_, index) => Uint8Array.of(index));
    const frontier = new Frontier();
    const told: [number, number, Uint8Array][] = [];
    for (const [index, entry] of all.entries()) {
      frontier.append(leafHash(entry), (height, hash) => told.push([index + 1, height, hash]));
    }
    expect(told).toHaveLength(63);
    for (const [end, height, hash] of told)
      expect(hash).toEqual(naiveRoot(all.slice(end - 2 ** height, end)));
  });

  test("of a range is made of whatever hashes are known", async () => {
    const all = Array.from({ length: 37 }, (_, index) => Uint8Array.of(index));
    const known = async (start: number, end: number) =>
      end - start === 8 || end - start === 1 ? naiveRoot(all.slice(start, end)) : undefined;
    expect(await rangeHash(0, 37, known)).toEqual(naiveRoot(all));
    expect(nodeHash(leafHash(Uint8Array.of(0)), leafHash(Uint8Array.of(1)))).toEqual(
      await rangeHash(0, 2, known),
    );
  });
});

describe("proofs", () => {
  test("of inclusion hold for their entry, place, size and root, and for nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.nat(), fc.nat(), async (all, anywhere, other) => {
        const [index, size] = [anywhere % all.length, all.length];
        const proof = await inclusionProof(index, size, hashOf(all));
        const [leaf, root] = [leafHash(all[index] ?? new Uint8Array(0)), naiveRoot(all)];
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true);
        expect(verifyInclusion(sha256(leaf), index, size, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof, sha256(root))).toBe(false);
        expect(verifyInclusion(leaf, index, size, [...proof, leaf], root)).toBe(false);
        if (proof.length > 0) {
          expect(verifyInclusion(leaf, index, size, proof.slice(1), root)).toBe(false);
          const bent = proof.map((hash, at) => (at === other % proof.length ? sha256(hash) : hash));
          expect(verifyInclusion(leaf, index, size, bent, root)).toBe(false);
        }
        expect(verifyInclusion(leaf, size, size, proof, root)).toBe(false);
      }),
    );
  });

  test("of consistency hold for their two sizes and roots, and for nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.nat(), fc.nat(), async (all, anywhere, other) => {
        const size = all.length;
        const from = 1 + (anywhere % size);
        const proof = await consistencyProof(from, size, hashOf(all));
        const [before, root] = [naiveRoot(all.slice(0, from)), naiveRoot(all)];
        expect(verifyConsistency(from, before, size, root, proof)).toBe(true);
        expect(verifyConsistency(from, sha256(before), size, root, proof)).toBe(false);
        expect(verifyConsistency(from, before, size, sha256(root), proof)).toBe(false);
        expect(verifyConsistency(from, before, size, root, [...proof, before])).toBe(false);
        if (proof.length > 0) {
          const bent = proof.map((hash, at) => (at === other % proof.length ? sha256(hash) : hash));
          expect(verifyConsistency(from, before, size, root, bent)).toBe(false);
          expect(verifyConsistency(from, before, size, root, proof.slice(1))).toBe(false);
        }
        expect(verifyConsistency(size + 1, before, size, root, proof)).toBe(false);
      }),
    );
  });

  test("are refused for places that are not in the log", async () => {
    const one = hashOf([Uint8Array.of(1)]);
    await expect(inclusionProof(1, 1, one)).rejects.toThrow(RangeError);
    await expect(inclusionProof(-1, 1, one)).rejects.toThrow(RangeError);
    await expect(consistencyProof(2, 1, one)).rejects.toThrow(RangeError);
    expect(await consistencyProof(0, 1, one)).toEqual([]);
  });
});
