/** Why an HSM cluster did not do what it was asked, and what the KMS's caller is told of it. */
import { KmsError } from "../errors.ts";
import { HsmError, type HsmErrorCode } from "./ports.ts";
import type { ConnectionErrorCodeType } from "./types.ts";

const CONNECTION: Readonly<Record<HsmErrorCode, ConnectionErrorCodeType>> = {
  NotActive: "INSUFFICIENT_CLOUDHSM_HSMS",
  InvalidConfiguration: "INTERNAL_ERROR",
  NoActiveHsm: "INSUFFICIENT_CLOUDHSM_HSMS",
  InvalidCredentials: "INVALID_CREDENTIALS",
  UserLockedOut: "USER_LOCKED_OUT",
  UserNotFound: "USER_NOT_FOUND",
  UserLoggedIn: "USER_LOGGED_IN",
  KeyNotFound: "INTERNAL_ERROR",
  InvalidCiphertext: "INTERNAL_ERROR",
  Unavailable: "NETWORK_ERRORS",
};

/** For DescribeCustomKeyStores. What the adapter did not foresee is an internal error. */
export function connectionErrorCode(error: unknown): ConnectionErrorCodeType {
  return error instanceof HsmError ? CONNECTION[error.code] : "INTERNAL_ERROR";
}

/** From CreateCustomKeyStore, UpdateCustomKeyStore, ConnectCustomKeyStore and CreateKey, for a cluster that does not qualify. */
export function clusterRefusal(error: unknown): KmsError | undefined {
  if (!(error instanceof HsmError)) return undefined;
  const options = { cause: error };
  if (error.code === "NotActive") {
    return new KmsError("CloudHsmClusterNotActiveException", "The CloudHSM cluster is not active.", options);
  }
  if (error.code === "InvalidConfiguration" || error.code === "NoActiveHsm") {
    return new KmsError(
      "CloudHsmClusterInvalidConfigurationException",
      "The CloudHSM cluster does not meet the configuration requirements of a custom key store.",
      options,
    );
  }
  return undefined;
}

/** From cryptographic operations. */
export function hsmRefusal(error: unknown): unknown {
  if (!(error instanceof HsmError)) return error;
  if (error.code === "InvalidCiphertext") return new KmsError("InvalidCiphertextException", "");
  const what =
    error.code === "KeyNotFound"
      ? "The key material of this KMS key was not found in its CloudHSM cluster."
      : "AWS KMS cannot use the CloudHSM cluster of this custom key store. Disconnect the key store, verify the cluster, and " +
        "connect it again.";
  return new KmsError("KMSInvalidStateException", what, { cause: error });
}
