/**
 * Errors as AWS KMS gives them: a name, a message, an HTTP status, and whose fault it was.
 */

/** Every error name that the service and its wire protocol know. */
export type KmsErrorName =
  | "AccessDeniedException"
  | "AlreadyExistsException"
  | "CloudHsmClusterInUseException"
  | "CloudHsmClusterInvalidConfigurationException"
  | "CloudHsmClusterNotActiveException"
  | "CloudHsmClusterNotFoundException"
  | "CloudHsmClusterNotRelatedException"
  | "ConflictException"
  | "CustomKeyStoreHasCMKsException"
  | "CustomKeyStoreInvalidStateException"
  | "CustomKeyStoreNameInUseException"
  | "CustomKeyStoreNotFoundException"
  | "DisabledException"
  | "DryRunOperationException"
  | "ExpiredImportTokenException"
  | "IncorrectKeyException"
  | "IncorrectKeyMaterialException"
  | "IncorrectTrustAnchorException"
  | "InvalidAliasNameException"
  | "InvalidArnException"
  | "InvalidCiphertextException"
  | "InvalidGrantIdException"
  | "InvalidGrantTokenException"
  | "InvalidImportTokenException"
  | "InvalidKeyUsageException"
  | "InvalidMarkerException"
  | "KMSInternalException"
  | "KMSInvalidMacException"
  | "KMSInvalidSignatureException"
  | "KMSInvalidStateException"
  | "LimitExceededException"
  | "MalformedPolicyDocumentException"
  | "NotAuthorizedException"
  | "NotFoundException"
  | "RequestEntityTooLargeException"
  | "SerializationException"
  | "TagException"
  | "ThrottlingException"
  | "UnknownOperationException"
  | "UnsupportedOperationException"
  | "ValidationException"
  | "XksKeyAlreadyInUseException"
  | "XksKeyInvalidConfigurationException"
  | "XksKeyNotFoundException"
  | "XksProxyIncorrectAuthenticationCredentialException"
  | "XksProxyInvalidConfigurationException"
  | "XksProxyInvalidResponseException"
  | "XksProxyUriEndpointInUseException"
  | "XksProxyUriInUseException"
  | "XksProxyUriUnreachableException"
  | "XksProxyVpcEndpointServiceInUseException"
  | "XksProxyVpcEndpointServiceInvalidConfigurationException"
  | "XksProxyVpcEndpointServiceNotFoundException"
  | "IncompleteSignatureException"
  | "InvalidSignatureException"
  | "MissingAuthenticationTokenException"
  | "UnrecognizedClientException";

const STATUS: Partial<Record<KmsErrorName, number>> = {
  KMSInternalException: 500,
  RequestEntityTooLargeException: 413,
};

/**
 * What a refused call throws, in-process with the same fields that the official SDK's exceptions have.
 *
 * The message never carries plaintext, key material or secrets.
 */
export class KmsError extends Error {
  override readonly name: KmsErrorName;
  readonly $fault: "client" | "server";
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string };

  constructor(name: KmsErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
    const httpStatusCode = STATUS[name] ?? 400;
    this.$fault = httpStatusCode >= 500 ? "server" : "client";
    this.$metadata = { httpStatusCode };
  }

  /** The HTTP status code of the answer. */
  get httpStatus(): number {
    return this.$metadata.httpStatusCode;
  }
}

/** The one error for a blob that does not open, without a word on why. */
export function invalidCiphertext(): KmsError {
  return new KmsError("InvalidCiphertextException", "");
}
