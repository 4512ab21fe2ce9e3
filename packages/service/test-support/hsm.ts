/** An HSM cluster in memory, for what a real one can hardly be brought to do. The real one of the tests is SoftHSM (test/src/key-stores). */
import type { KeyStoreCiphertext } from "@kmslite/hierarchy/key-stores";
import { type HsmCluster, HsmError, type HsmErrorCode, type HsmSession } from "../src/key-stores/ports.ts";

export const PASSWORD = "kmsPswd-7";

/** A cluster whose next operations can be made to fail. */
export interface TestCluster extends HsmCluster {
  /** What {@link HsmCluster.check} refuses with. */
  unfit: HsmErrorCode | undefined;
  /** What logging in refuses with, besides a wrong password. */
  closed: HsmErrorCode | undefined;
  /** What every operation of a session refuses with. */
  failing: HsmErrorCode | undefined;
  readonly keys: Map<string, CryptoKey>;
  /** Logins that were not ended. */
  readonly sessions: Set<HsmSession>;
}

export function testCluster(trustAnchorCertificate: string): TestCluster {
  const cluster: TestCluster = {
    trustAnchorCertificate,
    unfit: undefined,
    closed: undefined,
    failing: undefined,
    keys: new Map(),
    sessions: new Set(),
    check: async () => refuse(cluster.unfit),
    connect: async (password) => {
      refuse(cluster.closed);
      if (password !== PASSWORD) refuse("InvalidCredentials");
      const session = sessionOf(cluster);
      cluster.sessions.add(session);
      return session;
    },
  };
  return cluster;
}

function sessionOf(cluster: TestCluster): HsmSession {
  const keyOf = (label: string) => {
    refuse(cluster.failing);
    if (!cluster.sessions.has(session)) refuse("Unavailable");
    return cluster.keys.get(label) ?? refuse("KeyNotFound");
  };
  const session: HsmSession = {
    generateKey: async (label) => {
      refuse(cluster.failing);
      const algorithm = { name: "AES-GCM", length: 256 };
      cluster.keys.set(label, await crypto.subtle.generateKey(algorithm, false, ["encrypt", "decrypt"]));
    },
    encrypt: async (label, plaintext, aad): Promise<KeyStoreCiphertext> => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = new Uint8Array(
        await crypto.subtle.encrypt(gcm(iv, aad), keyOf(label), plaintext as BufferSource),
      );
      const tag = sealed.slice(-16);
      return { metadata: new Uint8Array(0), iv, tag, ciphertext: sealed.slice(0, -16) };
    },
    decrypt: async (label, { iv, ciphertext, tag }, aad) => {
      const key = keyOf(label);
      const sealed = Uint8Array.from([...ciphertext, ...tag]);
      try {
        return new Uint8Array(await crypto.subtle.decrypt(gcm(iv, aad), key, sealed));
      } catch {
        return refuse("InvalidCiphertext");
      }
    },
    destroyKey: async (label) => {
      refuse(cluster.failing);
      cluster.keys.delete(label);
    },
    random: async (length) => {
      refuse(cluster.failing);
      return new Uint8Array(length).fill(0xa5);
    },
    close: async () => {
      cluster.sessions.delete(session);
    },
  };
  return session;
}

function gcm(iv: Uint8Array, additionalData: Uint8Array): AesGcmParams {
  return { name: "AES-GCM", iv: iv as BufferSource, additionalData: additionalData as BufferSource };
}

function refuse(code: HsmErrorCode): never;
function refuse(code: HsmErrorCode | undefined): undefined;
function refuse(code: HsmErrorCode | undefined): undefined {
  if (code !== undefined) throw new HsmError(code, `The test's cluster is made to refuse: ${code}`);
  return undefined;
}
