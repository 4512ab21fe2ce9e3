/**
 * A second verifier of audit logs, written from RFC 6962, RFC 9162 and C2SP alone: it shares no code with the KMS, and uses `node:crypto`.
 */
import { createHash, createPublicKey, verify } from "node:crypto";

export interface Tree {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

const hash = (...parts: readonly Uint8Array[]): Buffer => {
  const state = createHash("sha256");
  for (const part of parts) state.update(part);
  return state.digest();
};

export const leafOf = (line: Uint8Array): Buffer => hash(Buffer.of(0), line);
const parentOf = (left: Uint8Array, right: Uint8Array): Buffer => hash(Buffer.of(1), left, right);

/** The root of a tree, level by level: a node without a sibling goes up as it is. */
export function rootOf(lines: readonly Uint8Array[]): Buffer {
  let level = lines.map(leafOf);
  if (level.length === 0) return hash();
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = [level[index], level[index + 1]];
      if (left !== undefined) above.push(right === undefined ? left : parentOf(left, right));
    }
    level = above;
  }
  return level[0] as Buffer;
}

/** The tree of a signed note. @throws if the key did not sign it */
export function openNote(note: string, verifierKey: string): Tree {
  const [name = "", id = "", encoded = ""] = partsOf(verifierKey);
  const key = Buffer.from(encoded, "base64");
  if (key.length !== 33 || key[0] !== 1) throw new Error("no Ed25519 key");
  const expected = hash(Buffer.from(`${name}\n`), key).subarray(0, 4);
  if (expected.toString("hex") !== id) throw new Error("the key's id is wrong");
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) throw new Error("no signed note");
  const text = note.slice(0, end + 1);
  const signed = note
    .slice(end + 2, -1)
    .split("\n")
    .some((line) => {
      const [dash, signer, signature = ""] = line.split(" ");
      const bytes = Buffer.from(signature, "base64");
      const ours = dash === "—" && signer === name && bytes.subarray(0, 4).equals(expected);
      return ours && verify(null, Buffer.from(text), ed25519(key.subarray(1)), bytes.subarray(4));
    });
  if (!signed) throw new Error("not signed by this key");
  const [origin = "", size = "", root = ""] = text.split("\n");
  if (origin !== name) throw new Error("the checkpoint of another log");
  return { origin, size: Number(size), root: Buffer.from(root, "base64") };
}

/** The key itself is base64, which may hold a plus. */
function partsOf(text: string): readonly string[] {
  const [name = "", id = "", ...rest] = text.trim().split("+");
  return [name, id, rest.join("+")];
}

function ed25519(raw: Uint8Array): ReturnType<typeof createPublicKey> {
  const x = Buffer.from(raw).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

/** Whether a leaf is at its place in a tree (RFC 9162 §2.1.3.2). */
export function isIncluded(
  leaf: Uint8Array,
  index: number,
  tree: Tree,
  proof: readonly Uint8Array[],
): boolean {
  let fn = BigInt(index);
  let sn = BigInt(tree.size - 1);
  let r: Uint8Array = leaf;
  if (fn > sn) return false;
  for (const p of proof) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      r = parentOf(p, r);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else r = parentOf(r, p);
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && tree.root.equals(r);
}

/** Whether a tree continues an earlier one (RFC 9162 §2.1.4.2). */
export function continues(first: Tree, second: Tree, proof: readonly Uint8Array[]): boolean {
  if (first.size === second.size) return proof.length === 0 && first.root.equals(second.root);
  if (first.size > second.size || first.size === 0) return false;
  const power = (first.size & (first.size - 1)) === 0;
  const [c0, ...path] = power ? [first.root, ...proof] : proof;
  if (c0 === undefined) return false;
  let fn = BigInt(first.size - 1);
  let sn = BigInt(second.size - 1);
  while ((fn & 1n) === 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let [fr, sr]: [Uint8Array, Uint8Array] = [c0, c0];
  for (const c of path) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      fr = parentOf(c, fr);
      sr = parentOf(c, sr);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else sr = parentOf(sr, c);
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && first.root.equals(fr) && second.root.equals(sr);
}
