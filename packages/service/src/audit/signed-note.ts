/**
 * Checkpoints: C2SP tlog-checkpoint in a C2SP signed note, signed with Ed25519 (https://c2sp.org/tlog-checkpoint,
 * https://c2sp.org/signed-note).
 *
 * The note's text is the log's origin, its size and its root, a line each. A key is written `<name>+<key id>+<key>`, where the key is
 * base64 of 0x01 and 32 bytes, and its id the first four bytes of `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ 32 bytes)`.
 */
import { bytesToHex, concatBytes, sha256, utf8ToBytes } from "@kmslite/crypto";
import { HASH_LENGTH } from "./merkle.ts";

/** What a checkpoint says. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** Signs with Ed25519: 64 bytes. */
export type Sign = (message: Uint8Array) => Promise<Uint8Array>;

/** Whether an Ed25519 signature is that of a message under a public key of 32 bytes. */
export type VerifySignature = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => Promise<boolean>;

const ED25519 = 1;
const KEY_LENGTH = 32;
const KEY_ID_LENGTH = 4;
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u;

/** A checkpoint or a key that is not what it should be. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

/** A public key as those who verify get it. */
export function verifierKey(name: string, publicKey: Uint8Array): string {
  return `${name}+${bytesToHex(keyId(name, publicKey))}+${toBase64(concatBytes(Uint8Array.of(ED25519), publicKey))}`;
}

/** Name and public key of a verifier key. @throws {CheckpointError} if the text is none, or its id is that of another key */
function parseVerifierKey(text: string): { readonly name: string; readonly publicKey: Uint8Array } {
  const [, name = "", id, encoded = ""] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  const key = fromBase64(encoded);
  if (key?.length !== 1 + KEY_LENGTH || key[0] !== ED25519)
    throw new CheckpointError("the public key is not of the form <name>+<id>+<base64 of an Ed25519 key>");
  const publicKey = key.subarray(1);
  if (bytesToHex(keyId(name, publicKey)) !== id)
    throw new CheckpointError("the id in the public key is not its own");
  return { name, publicKey };
}

/** A signed checkpoint. */
export async function signCheckpoint(
  { origin, size, root }: Checkpoint,
  publicKey: Uint8Array,
  sign: Sign,
): Promise<string> {
  const text = `${origin}\n${size}\n${toBase64(root)}\n`;
  const signature = concatBytes(keyId(origin, publicKey), await sign(utf8ToBytes(text)));
  return `${text}\n— ${origin} ${toBase64(signature)}\n`;
}

/**
 * What a checkpoint says, if the key signed it. Lines of other signers (witnesses) are passed over.
 *
 * @throws {CheckpointError} if it is malformed, of another log, or not signed by the key
 */
export async function openCheckpoint(
  note: string,
  verifier: string,
  verify: VerifySignature,
): Promise<Checkpoint> {
  const { name, publicKey } = parseVerifierKey(verifier);
  const split = note.lastIndexOf("\n\n");
  const signatures = note.slice(split + 2).split("\n");
  if (split < 0 || signatures.pop() !== "") throw new CheckpointError("this is no checkpoint");
  const text = note.slice(0, split + 1);
  const id = bytesToHex(keyId(name, publicKey));
  for (const line of signatures) {
    const [, signer, encoded = ""] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = fromBase64(encoded);
    if (signer === undefined || bytes === undefined || bytes.length < KEY_ID_LENGTH)
      throw new CheckpointError("the checkpoint has a malformed signature");
    if (signer !== name || bytesToHex(bytes.subarray(0, KEY_ID_LENGTH)) !== id) continue;
    if (!(await verify(publicKey, utf8ToBytes(text), bytes.subarray(KEY_ID_LENGTH))))
      throw new CheckpointError("the checkpoint's signature is not valid");
    return parsed(text, name);
  }
  throw new CheckpointError("the checkpoint is not signed by this key");
}

/** Lines after the third are extensions. */
function parsed(text: string, name: string): Checkpoint {
  const [origin = "", size = "", encoded = ""] = text.split("\n");
  const root = fromBase64(encoded);
  if (origin !== name || !/^(?:0|[1-9][0-9]{0,15})$/.test(size) || root?.length !== HASH_LENGTH)
    throw new CheckpointError("the checkpoint does not say size and root of this log");
  return { origin, size: Number(size), root };
}

function keyId(name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(utf8ToBytes(`${name}\n`), Uint8Array.of(ED25519), publicKey).subarray(0, KEY_ID_LENGTH);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** Canonical base64 only; `undefined` for any other text. */
function fromBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text);
    if (btoa(binary) !== text) return undefined;
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
