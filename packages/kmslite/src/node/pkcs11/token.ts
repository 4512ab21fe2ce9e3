/**
 * A PKCS#11 token as the HSM cluster of a CloudHSM key store (PKCS #11 v2.40): keys are AES-256, generated on the token, sensitive and
 * not extractable. The library is loaded once in a process, and the token is found by its label.
 */
import { type HsmCluster, HsmError } from "@kmslite/service/key-stores";
import type { Handle, PKCS11 } from "pkcs11js";
import { loadDriver } from "../driver.ts";
import { SetupError } from "../setup-error.ts";
import { withErrors } from "./errors.ts";
import { openSession, type Pkcs11Constants } from "./session.ts";

export interface Pkcs11Options {
  /** Path of the PKCS#11 library, such as `/usr/lib/softhsm/libsofthsm2.so`. */
  readonly library: string;
  /** The token's label. */
  readonly tokenLabel: string;
  /** PEM, 1 to 5,000 characters: what CreateCustomKeyStore must name as the cluster's trust anchor. */
  readonly trustAnchorCertificate: string;
}

/**
 * A token that custom key stores can be made of. Its user PIN is the key store's password: 7 to 32 characters. The package `pkcs11js`
 * is loaded when it is first used.
 *
 * @example
 * ```ts
 * const token = pkcs11Cluster({ library: "/usr/lib/softhsm/libsofthsm2.so", tokenLabel: "kms", trustAnchorCertificate });
 * const kms = await createKms({ root, store, keyStores: { hsmCluster: (id) => (id === "cluster-2a34567bcde" ? token : undefined) } });
 * ```
 */
export function pkcs11Cluster(options: Pkcs11Options): HsmCluster {
  return {
    trustAnchorCertificate: options.trustAnchorCertificate,
    check: async () => {
      const { pkcs11, constants } = await moduleOf(options.library);
      const slot = slotOf(pkcs11, options.tokenLabel);
      const mechanisms = withErrors(() => pkcs11.C_GetMechanismList(slot));
      const needed = [constants.CKM_AES_GCM, constants.CKM_AES_KEY_GEN];
      if (!needed.every((mechanism) => mechanisms.includes(mechanism))) {
        throw new HsmError("InvalidConfiguration", "The token knows no AES-GCM, or generates no AES keys");
      }
    },
    connect: async (password) => {
      const { pkcs11, constants } = await moduleOf(options.library);
      const slot = slotOf(pkcs11, options.tokenLabel);
      return withErrors(() => openSession(pkcs11, constants, slot, password));
    },
  };
}

interface LoadedModule {
  readonly pkcs11: PKCS11;
  readonly constants: Pkcs11Constants;
}

const modules = new Map<string, Promise<LoadedModule>>();

/** A library may be initialized once in a process. */
function moduleOf(library: string): Promise<LoadedModule> {
  let loading = modules.get(library);
  if (loading === undefined) {
    loading = load(library);
    modules.set(library, loading);
    loading.catch(() => modules.delete(library));
  }
  return loading;
}

async function load(library: string): Promise<LoadedModule> {
  const { default: constants } = await loadDriver("pkcs11js", () => import("pkcs11js")).catch((error) => {
    throw error instanceof SetupError
      ? new HsmError("InvalidConfiguration", error.message, { cause: error })
      : error;
  });
  const pkcs11 = new constants.PKCS11();
  return withErrors(() => {
    pkcs11.load(library);
    pkcs11.C_Initialize();
    return { pkcs11, constants };
  });
}

/** The slot of the token; a token that is missing or blank is no active cluster. */
function slotOf(pkcs11: PKCS11, label: string): Handle {
  const slot = withErrors(() =>
    pkcs11.C_GetSlotList(true).find((candidate) => pkcs11.C_GetTokenInfo(candidate).label.trim() === label),
  );
  if (slot === undefined) throw new HsmError("NotActive", `There is no token with the label ${label}`);
  return slot;
}
