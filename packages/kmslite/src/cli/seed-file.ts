/**
 * Seed files: keys with given ids and material, aliases, policies, tags and grants, in YAML or JSON (which is YAML).
 *
 * A key is a mapping with the names of the API. What local-kms keeps under `Metadata` and `Material` may stand there too, and
 * its first format, which sorts keys under `Symmetric` and `Asymmetric`, is read as it is.
 */
import { createPrivateKey } from "node:crypto";
import type { KeySpec, KeyUsageType, Seed, SeedAlias, SeedKey } from "@kmslite/service";
import { CommandError, EXIT } from "./exit-codes.ts";
import { readNamedFile } from "./options.ts";

type Mapping = Readonly<Record<string, unknown>>;

/** The seed in a file; its material is the caller's to wipe. */
export async function readSeedFile(path: string): Promise<Seed> {
  const text = await readNamedFile(path);
  try {
    const { parse } = await import("yaml");
    // Everything that is no list or mapping is a text: hex digits may look like a number.
    return seedOf(mappingAt("the file", parse(text, { schema: "failsafe", maxAliasCount: 100 })));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Messages of the parser quote the text around the error, which may be key material.
    const [reason] = error.message.split("\n");
    throw new CommandError(EXIT.usage, `${path} is no seed: ${reason}`);
  }
}

function seedOf(document: Mapping): Seed {
  const aliases = listAt("Aliases", document["Aliases"]).map((alias, index): SeedAlias => {
    const place = `Aliases[${index}]`;
    const { AliasName, TargetKeyId } = mappingAt(place, alias);
    return {
      aliasName: textAt(`${place}.AliasName`, AliasName),
      targetKeyId: textAt(`${place}.TargetKeyId`, TargetKeyId),
    };
  });
  return { keys: keysOf(document["Keys"]), aliases };
}

/** A list of keys, or local-kms's groups of them: the group says what a key is that does not say it itself. */
function keysOf(keys: unknown): readonly SeedKey[] {
  if (keys === undefined || keys === "") return [];
  if (Array.isArray(keys)) return keys.map((key, index) => keyAt(`Keys[${index}]`, key));
  return Object.entries(mappingAt("Keys", keys)).flatMap(([kind, groups]) =>
    Object.entries(mappingAt(`Keys.${kind}`, groups)).flatMap(([group, members]) =>
      listAt(`Keys.${kind}.${group}`, members).map((key, index) =>
        keyAt(`Keys.${kind}.${group}[${index}]`, key),
      ),
    ),
  );
}

function keyAt(place: string, value: unknown): SeedKey {
  const entry = mappingAt(place, value);
  const key: Mapping = {
    ...entry,
    ...mappingAt(`${place}.Metadata`, entry["Metadata"] ?? {}),
    ...mappingAt(`${place}.Material`, entry["Material"] ?? {}),
  };
  const { material, keySpec } = materialOf(place, key);
  const policy = key["Policy"];
  const optional = {
    keySpec: keySpec ?? (key["KeySpec"] as KeySpec | undefined),
    keyUsage: (key["KeyUsage"] ?? usageOf(keySpec)) as KeyUsageType | undefined,
    origin: key["Origin"] as SeedKey["origin"],
    description: optionalText(`${place}.Description`, key["Description"]),
    enabled: key["Enabled"] === undefined ? undefined : key["Enabled"] !== "false",
    policy: policy === undefined || typeof policy === "string" ? policy : JSON.stringify(policy),
    tags: key["Tags"] === undefined ? undefined : tagsAt(`${place}.Tags`, key["Tags"]),
    nextRotation: key["NextKeyRotation"] === undefined ? undefined : dateAt(place, key["NextKeyRotation"]),
    grants: listAt(`${place}.Grants`, key["Grants"]) as SeedKey["grants"],
  };
  const given = Object.entries(optional).filter(([, member]) => member !== undefined);
  return { keyId: textAt(`${place}.KeyId`, key["KeyId"]), material, ...Object.fromEntries(given) };
}

/** The versions of a key's material; a private key says itself of which spec it is. */
function materialOf(place: string, key: Mapping): { material: Uint8Array[]; keySpec?: KeySpec } {
  const { BackingKeys, PrivateKeyPem } = key;
  if (PrivateKeyPem === undefined || PrivateKeyPem === null) {
    return {
      material: listAt(`${place}.BackingKeys`, BackingKeys).map((hex, index) =>
        hexAt(`${place}.BackingKeys[${index}]`, hex),
      ),
    };
  }
  const pem = textAt(`${place}.PrivateKeyPem`, PrivateKeyPem);
  const named = key["KeySpec"] as KeySpec | undefined;
  // What this Node.js can't read it can pass on, if it is PKCS #8 already and the spec is named.
  const plain = /-----BEGIN PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END PRIVATE KEY-----/.exec(pem)?.[1];
  if (plain !== undefined && named !== undefined) {
    return { material: [new Uint8Array(Buffer.from(plain, "base64"))], keySpec: named };
  }
  const parsed = parsedKey(place, pem);
  const material = [new Uint8Array(parsed.export({ format: "der", type: "pkcs8" }))];
  return { material, keySpec: named ?? specOf(place, parsed) };
}

function parsedKey(place: string, pem: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new RangeError(`${place}.PrivateKeyPem can't be read`);
  }
}

const CURVES: Readonly<Record<string, KeySpec>> = {
  prime256v1: "ECC_NIST_P256",
  secp384r1: "ECC_NIST_P384",
  secp521r1: "ECC_NIST_P521",
  secp256k1: "ECC_SECG_P256K1",
};

function specOf(place: string, key: ReturnType<typeof createPrivateKey>): KeySpec {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const curve = CURVES[namedCurve ?? ""];
  if (curve !== undefined) return curve;
  if (key.asymmetricKeyType === "ed25519") return "ECC_NIST_EDWARDS25519";
  if (modulusLength === 2048 || modulusLength === 3072 || modulusLength === 4096)
    return `RSA_${modulusLength}`;
  throw new RangeError(`${place}.PrivateKeyPem is of no kind that AWS KMS has`);
}

/** In local-kms the keys of curves sign, and need not say so. */
function usageOf(keySpec: KeySpec | undefined): KeyUsageType | undefined {
  return keySpec?.startsWith("ECC_") === true ? "SIGN_VERIFY" : undefined;
}

/** Tags as a mapping, or as the API has them. */
function tagsAt(place: string, value: unknown): Record<string, string> {
  const pairs = Array.isArray(value)
    ? value.map((tag, index) => {
        const { TagKey, TagValue } = mappingAt(`${place}[${index}]`, tag);
        return [textAt(`${place}[${index}].TagKey`, TagKey), TagValue] as const;
      })
    : Object.entries(mappingAt(place, value));
  return Object.fromEntries(pairs.map(([name, text]) => [name, textAt(`${place}.${name}`, text)]));
}

function mappingAt(place: string, value: unknown): Mapping {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Mapping;
  throw new RangeError(`${place} must be a mapping`);
}

function listAt(place: string, value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return value;
  throw new RangeError(`${place} must be a list`);
}

function textAt(place: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new RangeError(`${place} must be a text`);
}

function optionalText(place: string, value: unknown): string | undefined {
  return value === undefined ? undefined : textAt(place, value);
}

function hexAt(place: string, value: unknown): Uint8Array {
  if (typeof value === "string" && /^(?:[0-9a-fA-F]{2})+$/.test(value)) {
    return new Uint8Array(Buffer.from(value, "hex"));
  }
  throw new RangeError(`${place} must be hex digits`);
}

function dateAt(place: string, value: unknown): Date {
  const date = new Date(value instanceof Date ? value : String(value));
  if (!Number.isNaN(date.getTime()) && date.getTime() > 0) return date;
  throw new RangeError(`${place}.NextKeyRotation must be a date`);
}
