/**
 * Why an external key store proxy did not do what it was asked, and what the KMS's caller is told of it (XKS Proxy API v1.0, "Error
 * codes"): one message for each cause, and an exception that depends on what was being done.
 */
import { KmsError, type KmsErrorName } from "../errors.ts";
import type { ConnectionErrorCodeType } from "../key-stores/types.ts";

/** Error names of the proxy, and what can happen on the way to it and back. */
export type XksFailureKind =
  | "ValidationException"
  | "InvalidStateException"
  | "InvalidCiphertextException"
  | "InvalidKeyUsageException"
  | "AuthenticationFailedException"
  | "AccessDeniedException"
  | "KeyNotFoundException"
  | "InvalidUriPathException"
  | "ThrottlingException"
  | "UnsupportedOperationException"
  | "DependencyTimeoutException"
  | "InternalException"
  | "Unreachable"
  | "TlsFailed"
  | "TimedOut"
  | "MalformedResponse"
  | "NoKeyManager";

interface Told {
  readonly message: string;
  /** From CreateCustomKeyStore and UpdateCustomKeyStore. */
  readonly ofStore: KmsErrorName;
  /** From CreateKey. */
  readonly ofKey: KmsErrorName;
  /** From ConnectCustomKeyStore, by way of DescribeCustomKeyStores. */
  readonly connection: ConnectionErrorCodeType;
}

const UNINTERPRETABLE =
  "AWS KMS cannot interpret the response from the external key store proxy. If you see this error repeatedly, report it to " +
  "your external key store proxy administrator.";
const NO_ANSWER_IN_TIME =
  "did not respond in time. Retry the request. If you see this error repeatedly, report it to your external key store proxy " +
  "administrator.";

const response = {
  ofStore: "XksProxyInvalidResponseException",
  ofKey: "CustomKeyStoreInvalidStateException",
  connection: "XKS_PROXY_INVALID_RESPONSE",
} as const;
const unreachable = {
  ofStore: "XksProxyUriUnreachableException",
  ofKey: "CustomKeyStoreInvalidStateException",
  connection: "XKS_PROXY_NOT_REACHABLE",
} as const;

const TOLD: Readonly<Record<XksFailureKind, Told>> = {
  ValidationException: { ...response, message: UNINTERPRETABLE },
  InvalidStateException: {
    ...response,
    ofKey: "XksKeyInvalidConfigurationException",
    message:
      "The external key associated with this KMS key in an external key store is not enabled in the external key manager. " +
      "Enable the external key in the external key manager and retry the request.",
  },
  InvalidCiphertextException: {
    ...response,
    message:
      "The external key store proxy rejected the request because the specified ciphertext or encryption context is corrupted, " +
      "missing, or otherwise invalid.",
  },
  InvalidKeyUsageException: {
    ...response,
    ofKey: "XksKeyInvalidConfigurationException",
    message:
      "The external key associated with this KMS key in an external key store does not support the requested operation. Enable " +
      "the operation on the key in your external key manager, and try the request again.",
  },
  AuthenticationFailedException: {
    ...response,
    ofStore: "XksProxyIncorrectAuthenticationCredentialException",
    connection: "INVALID_CREDENTIALS",
    message:
      "The external key store proxy rejected the request because it could not authenticate AWS KMS. Verify the XKS proxy " +
      "authentication credentials for your external key store and update if necessary.",
  },
  AccessDeniedException: {
    ...response,
    ofKey: "KMSInvalidStateException",
    connection: "XKS_PROXY_ACCESS_DENIED",
    message:
      "The external key store proxy denied access to the operation. Verify that the user and the external key are both " +
      "authorized for this operation, and try the request again.",
  },
  KeyNotFoundException: {
    ...response,
    ofKey: "XksKeyNotFoundException",
    message:
      "The external key associated with this KMS key in an external key store was not found in its external key manager. If " +
      "the external key ID associated with this KMS key is incorrect, create a new KMS key with the correct external key ID.",
  },
  InvalidUriPathException: {
    ...response,
    ofStore: "XksProxyInvalidConfigurationException",
    connection: "XKS_PROXY_INVALID_CONFIGURATION",
    message:
      "The external key store proxy rejected the request because of an invalid URI path. Verify the URI path for your external " +
      "key store and update if necessary.",
  },
  ThrottlingException: {
    ...unreachable,
    message:
      "The external key store proxy rejected the request due to a very high request rate. Reduce the frequency of your calls " +
      "using KMS keys in this external key store.",
  },
  UnsupportedOperationException: {
    ...response,
    ofKey: "XksKeyInvalidConfigurationException",
    message:
      "The external key store proxy rejected the request because it does not support the requested operation. If you see this " +
      "error repeatedly, report it to your external key store proxy administrator.",
  },
  DependencyTimeoutException: {
    ...unreachable,
    connection: "XKS_PROXY_TIMED_OUT",
    message:
      "The external key store proxy did not respond to the request in the time allotted. Retry the request. If you see this " +
      "error repeatedly, report it to your external key store proxy administrator.",
  },
  InternalException: {
    ...response,
    message:
      "The external key store proxy rejected the request because it cannot communicate with the external key manager. Verify " +
      "that the external key store proxy configuration is correct and that the external key manager is available.",
  },
  Unreachable: {
    ...unreachable,
    message:
      "AWS KMS cannot communicate with the external key store proxy. This might be a transient network issue. If you see this " +
      "error repeatedly, verify that your external key store proxy is active and is connected to the network, and that its " +
      "endpoint URI is correct in your external key store.",
  },
  TlsFailed: {
    ...unreachable,
    connection: "XKS_PROXY_INVALID_TLS_CONFIGURATION",
    message:
      "AWS KMS cannot establish a TLS connection to the external key store proxy. Verify the TLS configuration, including its " +
      "certificate.",
  },
  TimedOut: {
    ...unreachable,
    connection: "XKS_PROXY_TIMED_OUT",
    message: `AWS KMS rejected the request because the external key store proxy ${NO_ANSWER_IN_TIME}`,
  },
  MalformedResponse: { ...response, message: UNINTERPRETABLE },
  NoKeyManager: {
    ...unreachable,
    message:
      "The external key store proxy reports that all of its external key managers are unavailable. Verify that they are running " +
      "and connected to the proxy.",
  },
};

/** Which exception carries the message. */
export type XksActivity = "ofStore" | "ofKey" | "cryptography";

/** The error of the XKS client. Never carries what the proxy answered. */
export class XksFailure extends Error {
  override readonly name = "XksFailure";
  readonly kind: XksFailureKind;

  constructor(kind: XksFailureKind, options?: ErrorOptions) {
    super(TOLD[kind].message, options);
    this.kind = kind;
  }

  /** Whether a name is one that a proxy may answer with. */
  static isProxyError(name: unknown): name is XksFailureKind {
    return typeof name === "string" && name.endsWith("Exception") && Object.hasOwn(TOLD, name);
  }

  /** For DescribeCustomKeyStores. */
  get connectionErrorCode(): ConnectionErrorCodeType {
    return TOLD[this.kind].connection;
  }

  /** What the KMS's caller is told. Cryptographic operations know one exception for everything. */
  asKmsError(activity: XksActivity): KmsError {
    const { message, ofStore, ofKey } = TOLD[this.kind];
    const name =
      activity === "cryptography" ? "KMSInvalidStateException" : activity === "ofStore" ? ofStore : ofKey;
    return new KmsError(name, message, { cause: this });
  }
}
