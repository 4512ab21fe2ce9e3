/** The `openssl` command line as a second implementation of key pairs. Keys are DER, as the KMS has them. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyPairSpec, MessageType, SigningAlgorithm } from "@kmslite/crypto/key-pairs";

/** Whether the command is there; where it is not, its tests are skipped. */
export const hasOpenssl: boolean = spawnSync("openssl", ["version"]).status === 0;

/** What `openssl genpkey` calls the keys of a spec. */
const GENERATORS: Partial<Record<KeyPairSpec, readonly string[]>> = {
  RSA_2048: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
  RSA_3072: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
  RSA_4096: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096"],
  ECC_NIST_P256: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
  ECC_NIST_P384: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
  ECC_NIST_P521: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
  ECC_SECG_P256K1: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
  ECC_NIST_EDWARDS25519: ["-algorithm", "ED25519"],
  SM2: ["-algorithm", "SM2"],
};

export interface DerKeyPair {
  readonly pkcs8: Uint8Array;
  readonly spki: Uint8Array;
}

export function generate(keySpec: KeyPairSpec): DerKeyPair {
  const pkcs8 = openssl({}, ["genpkey", ...(GENERATORS[keySpec] ?? []), "-outform", "DER", "-out", "result"]);
  const canonical = openssl({ key: pkcs8 }, [
    "pkcs8",
    "-topk8",
    "-nocrypt",
    "-inform",
    "DER",
    "-in",
    "key",
    "-outform",
    "DER",
    "-out",
    "result",
  ]);
  return { pkcs8: canonical, spki: publicKeyOf(canonical) };
}

export function publicKeyOf(pkcs8: Uint8Array): Uint8Array {
  return openssl({ key: pkcs8 }, [
    "pkey",
    "-inform",
    "DER",
    "-in",
    "key",
    "-pubout",
    "-outform",
    "DER",
    "-out",
    "result",
  ]);
}

export function sign(
  pkcs8: Uint8Array,
  algorithm: SigningAlgorithm,
  message: Uint8Array,
  type: MessageType,
): Uint8Array {
  const key = ["-inkey", "key", "-keyform", "DER"];
  const command =
    type === "RAW" && algorithm !== "ED25519_SHA_512"
      ? [
          "dgst",
          hashOf(algorithm),
          "-sign",
          "key",
          "-keyform",
          "DER",
          ...named("-sigopt", rawOptions(algorithm)),
          "-out",
          "result",
          "message",
        ]
      : ["pkeyutl", "-sign", ...key, ...pkeyutlOptions(algorithm), "-in", "message", "-out", "result"];
  return openssl({ key: pkcs8, message }, command);
}

export function verify(
  spki: Uint8Array,
  algorithm: SigningAlgorithm,
  message: Uint8Array,
  type: MessageType,
  signature: Uint8Array,
): boolean {
  const command =
    type === "RAW" && algorithm !== "ED25519_SHA_512"
      ? [
          "dgst",
          hashOf(algorithm),
          "-verify",
          "key",
          "-keyform",
          "DER",
          ...named("-sigopt", rawOptions(algorithm)),
          "-signature",
          "signature",
          "message",
        ]
      : [
          "pkeyutl",
          "-verify",
          "-pubin",
          "-inkey",
          "key",
          "-keyform",
          "DER",
          ...pkeyutlOptions(algorithm),
          "-in",
          "message",
          "-sigfile",
          "signature",
        ];
  return succeeds({ key: spki, message, signature }, command);
}

/** @param options such as `rsa_oaep_md:sha256` */
export function encrypt(spki: Uint8Array, options: readonly string[], plaintext: Uint8Array): Uint8Array {
  return openssl({ key: spki, message: plaintext }, [
    "pkeyutl",
    "-encrypt",
    "-pubin",
    "-inkey",
    "key",
    "-keyform",
    "DER",
    ...named("-pkeyopt", options),
    "-in",
    "message",
    "-out",
    "result",
  ]);
}

export function decrypt(pkcs8: Uint8Array, options: readonly string[], ciphertext: Uint8Array): Uint8Array {
  return openssl({ key: pkcs8, message: ciphertext }, [
    "pkeyutl",
    "-decrypt",
    "-inkey",
    "key",
    "-keyform",
    "DER",
    ...named("-pkeyopt", options),
    "-in",
    "message",
    "-out",
    "result",
  ]);
}

export function derive(pkcs8: Uint8Array, peerSpki: Uint8Array): Uint8Array {
  return openssl({ key: pkcs8, peer: peerSpki }, [
    "pkeyutl",
    "-derive",
    "-inkey",
    "key",
    "-keyform",
    "DER",
    "-peerkey",
    "peer",
    "-peerform",
    "DER",
    "-out",
    "result",
  ]);
}

function hashOf(algorithm: SigningAlgorithm): string {
  return algorithm === "SM2DSA" ? "-sm3" : `-sha${algorithm.slice(-3)}`;
}

function rawOptions(algorithm: SigningAlgorithm): readonly string[] {
  if (algorithm === "SM2DSA") return ["distid:1234567812345678"];
  return algorithm.includes("PSS") ? ["rsa_padding_mode:pss", "rsa_pss_saltlen:digest"] : [];
}

function pkeyutlOptions(algorithm: SigningAlgorithm): readonly string[] {
  if (algorithm === "ED25519_SHA_512") return ["-rawin"];
  if (algorithm === "SM2DSA") return [];
  return named("-pkeyopt", [...rawOptions(algorithm), `digest:sha${algorithm.slice(-3)}`]);
}

function named(option: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [option, value]);
}

type Files = Readonly<Record<string, Uint8Array>>;

/** Runs a command among these files. @returns its file `result` */
function openssl(files: Files, command: readonly string[]): Uint8Array {
  return among(files, (folder) => {
    execFileSync("openssl", command, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], timeout: 60_000 });
    return new Uint8Array(readFileSync(join(folder, "result")));
  });
}

function succeeds(files: Files, command: readonly string[]): boolean {
  return among(
    files,
    (folder) => spawnSync("openssl", command, { cwd: folder, timeout: 60_000 }).status === 0,
  );
}

function among<T>(files: Files, run: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-openssl-"));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
