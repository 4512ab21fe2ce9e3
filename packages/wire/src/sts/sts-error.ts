/** Errors by the codes that STS gives them, and what others' errors are called there. */
import { KmsError } from "@kmslite/service";
import { SignatureError, type SignatureErrorName } from "../sigv4/error.ts";

/** AWS Security Token Service API Reference, "Common Error Types" and the errors of each action. */
const STATUS = {
  AccessDenied: 403,
  ExpiredToken: 403,
  IncompleteSignature: 403,
  InternalFailure: 500,
  InvalidAction: 400,
  InvalidClientTokenId: 403,
  MalformedPolicyDocument: 400,
  MalformedQueryString: 400,
  MissingAction: 400,
  MissingAuthenticationToken: 403,
  PackedPolicyTooLarge: 400,
  RequestEntityTooLarge: 413,
  SignatureDoesNotMatch: 403,
  ValidationError: 400,
} as const;

export type StsErrorCode = keyof typeof STATUS;

/** A request that STS refused. */
export class StsError extends Error {
  override readonly name = "StsError";
  readonly code: StsErrorCode;

  constructor(code: StsErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  static invalid(message: string): StsError {
    return new StsError("ValidationError", message);
  }

  get httpStatus(): number {
    return STATUS[this.code];
  }
}

const SIGNATURE_CODES: Readonly<Record<SignatureErrorName, StsErrorCode>> = {
  ExpiredTokenException: "ExpiredToken",
  IncompleteSignatureException: "IncompleteSignature",
  InvalidSignatureException: "SignatureDoesNotMatch",
  MissingAuthenticationTokenException: "MissingAuthenticationToken",
  UnrecognizedClientException: "InvalidClientTokenId",
};

/** Whatever was thrown as an error of STS; what is not ours is an internal failure, without a word on the inside. */
export function asStsError(error: unknown): StsError {
  if (error instanceof StsError) return error;
  if (error instanceof SignatureError) return new StsError(SIGNATURE_CODES[error.name], error.message);
  if (error instanceof KmsError && error.name === "RequestEntityTooLargeException") {
    return new StsError("RequestEntityTooLarge", error.message);
  }
  const code = error instanceof Error ? codeOf(error.name) : undefined;
  if (code !== undefined) return new StsError(code, (error as Error).message);
  return new StsError("InternalFailure", "The request could not be completed");
}

/** The directory's errors are called as they are at AWS. */
function codeOf(name: string): StsErrorCode | undefined {
  const codes: readonly StsErrorCode[] = [
    "AccessDenied",
    "MalformedPolicyDocument",
    "PackedPolicyTooLarge",
    "ValidationError",
  ];
  return codes.find((code) => code === name);
}
