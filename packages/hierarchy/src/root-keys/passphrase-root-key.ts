/**
 * A root key in a file that a passphrase opens.
 *
 * The file holds a random 32-byte secret, wrapped under a key that scrypt (RFC 7914) stretches from the passphrase;
 * so the passphrase can be changed without touching anything that the root key wrapped. The passphrase is normalized
 * to Unicode NFKC, so that two keyboards that compose characters differently open the same file.
 */
import { bytesToHex, HmacSha256Key, hexToBytes, utf8ToBytes } from "@kmslite/crypto";
import { platformCryptography, platformRandom } from "../cryptography.ts";
import { unwrapKeyBytes, wrapKeyBytes } from "../derived-key-aead.ts";
import { HierarchyError } from "../errors.ts";
import { frame } from "../framing.ts";
import type { RootKey } from "./root-key.ts";
import { ROOT_SECRET_LENGTH, secretRootKey } from "./secret-root-key.ts";

/** Cost of scrypt: memory is 128 × N × r bytes. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 128 MiB: the interactive recommendation for file encryption. */
export const DEFAULT_SCRYPT_COST: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };

/** A file is somebody else's input: beyond these it is refused before any memory is spent. */
const MAXIMUM_COST: ScryptCost = { N: 2 ** 20, r: 16, p: 4 };
const MINIMUM_N = 2 ** 10;

const FORMAT = "kmslite-passphrase-root-key";
const LABEL = "KMSLite phrase";
const SALT_LENGTH = 32;
const HEX = /^(?:[0-9a-f]{2})+$/;

interface PassphraseFile {
  readonly format: typeof FORMAT;
  readonly version: 1;
  readonly kdf: { readonly name: "scrypt"; readonly salt: string } & ScryptCost;
  readonly wrapped: string;
}

/**
 * Makes a root key file around a fresh random secret.
 *
 * @param passphrase 1 character or more
 * @param cost       scrypt's cost; 128 MiB of memory unless given
 * @returns the file's text (JSON); worthless without the passphrase
 */
export async function createPassphraseFile(
  passphrase: string,
  cost: ScryptCost = DEFAULT_SCRYPT_COST,
): Promise<string> {
  assertCost(cost);
  const salt = platformRandom(SALT_LENGTH);
  const secret = platformRandom(ROOT_SECRET_LENGTH);
  const key = await stretch(passphrase, salt, cost);
  try {
    const wrapped = wrapKeyBytes(await platformCryptography(), key, LABEL, binding(salt, cost), secret);
    const file: PassphraseFile = {
      format: FORMAT,
      version: 1,
      kdf: { name: "scrypt", N: cost.N, r: cost.r, p: cost.p, salt: bytesToHex(salt) },
      wrapped: bytesToHex(wrapped),
    };
    return `${JSON.stringify(file, null, 2)}\n`;
  } finally {
    secret.fill(0);
    key.destroy();
  }
}

/**
 * Opens a root key file.
 *
 * @throws {HierarchyError} `Malformed` if the text is no such file; `WrongPassphrase` if the passphrase, or an edited
 *   file, does not open it
 */
export async function openPassphraseFile(text: string, passphrase: string): Promise<RootKey> {
  const file = parse(text);
  const salt = hexToBytes(file.kdf.salt);
  const key = await stretch(passphrase, salt, file.kdf);
  try {
    const wrapped = hexToBytes(file.wrapped);
    const secret = unwrapKeyBytes(await platformCryptography(), key, LABEL, binding(salt, file.kdf), wrapped);
    if (secret === undefined) {
      throw new HierarchyError("WrongPassphrase", "The passphrase does not open this root key file");
    }
    const rootKey = secretRootKey(secret);
    secret.fill(0);
    return rootKey;
  } finally {
    key.destroy();
  }
}

function binding(salt: Uint8Array, cost: ScryptCost): Uint8Array {
  return frame(FORMAT, "1", salt, `${cost.N},${cost.r},${cost.p}`);
}

async function stretch(passphrase: string, salt: Uint8Array, cost: ScryptCost): Promise<HmacSha256Key> {
  if (passphrase.length === 0) throw new RangeError("Passphrase: expected at least 1 character, got 0");
  const { scryptAsync } = await import("@noble/hashes/scrypt.js");
  const phrase = utf8ToBytes(passphrase.normalize("NFKC"));
  const maxmem = 128 * MAXIMUM_COST.N * MAXIMUM_COST.r * MAXIMUM_COST.p + 1024;
  const bytes = await scryptAsync(phrase, salt, { N: cost.N, r: cost.r, p: cost.p, dkLen: 32, maxmem });
  phrase.fill(0);
  const key = new HmacSha256Key(bytes);
  bytes.fill(0);
  return key;
}

function parse(text: string): PassphraseFile {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    file = undefined;
  }
  if (!isPassphraseFile(file)) {
    throw new HierarchyError("Malformed", "This is not a KMSLite passphrase root key file, version 1");
  }
  assertCost(file.kdf);
  return file;
}

function isPassphraseFile(value: unknown): value is PassphraseFile {
  const file = value as Partial<PassphraseFile> | null | undefined;
  return (
    file?.format === FORMAT &&
    file.version === 1 &&
    file.kdf?.name === "scrypt" &&
    typeof file.kdf.salt === "string" &&
    HEX.test(file.kdf.salt) &&
    typeof file.wrapped === "string" &&
    HEX.test(file.wrapped)
  );
}

function assertCost(cost: ScryptCost): void {
  const powerOfTwo = Number.isSafeInteger(cost.N) && Number.isInteger(Math.log2(cost.N));
  const inRange = (value: number, maximum: number) =>
    Number.isSafeInteger(value) && value >= 1 && value <= maximum;
  if (
    !powerOfTwo ||
    cost.N < MINIMUM_N ||
    !inRange(cost.N, MAXIMUM_COST.N) ||
    !inRange(cost.r, MAXIMUM_COST.r) ||
    !inRange(cost.p, MAXIMUM_COST.p)
  ) {
    throw new HierarchyError(
      "Malformed",
      "scrypt cost: expected N a power of two from 2^10 to 2^20, r ≤ 16, p ≤ 4",
    );
  }
}
