/** The errors of an external key store proxy, with their HTTP status (XKS Proxy API v1.0, "Error codes"). */
const STATUS = {
  ValidationException: 400,
  InvalidStateException: 400,
  InvalidCiphertextException: 400,
  InvalidKeyUsageException: 400,
  AuthenticationFailedException: 401,
  AccessDeniedException: 403,
  KeyNotFoundException: 404,
  InvalidUriPathException: 404,
  ThrottlingException: 429,
  InternalException: 500,
  UnsupportedOperationException: 501,
  DependencyTimeoutException: 503,
} as const;

export type ProxyErrorName = keyof typeof STATUS;

/** A refusal. The message is for the log of the KMS's owner: printable ASCII, fewer than 512 characters, no secrets. */
export class ProxyError extends Error {
  override readonly name: ProxyErrorName;

  constructor(name: ProxyErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }

  get status(): number {
    return STATUS[this.name];
  }
}
