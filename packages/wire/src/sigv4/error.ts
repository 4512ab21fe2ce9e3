/**
 * The errors of Signature Version 4 verification, by the names AWS gives them in its JSON protocols.
 *
 * AWS KMS answers all of them with HTTP 400 (AWS KMS API Reference, "Common Errors"; the wording is what
 * the service's front end sends). No message repeats a signature, a token or a whole Authorization header:
 * messages end up in logs and audit events, and people do paste secrets into the wrong field. Where AWS
 * used to echo them it now gives a hash, and so do we.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

export type SignatureErrorName =
  | "ExpiredTokenException"
  | "IncompleteSignatureException"
  | "InvalidSignatureException"
  | "MissingAuthenticationTokenException"
  | "UnrecognizedClientException";

/** A request whose sender could not be established. `name` is the error code to put on the wire. */
export class SignatureError extends Error {
  override readonly name: SignatureErrorName;
  readonly httpStatus = 400 as const;

  constructor(name: SignatureErrorName, message: string) {
    super(message);
    this.name = name;
  }
}

/** Neither an Authorization header of this scheme nor a presigned query. */
export function missingAuthentication(): SignatureError {
  return new SignatureError("MissingAuthenticationTokenException", "Missing Authentication Token");
}

/** The request tries to be signed, but what describes the signature is absent or malformed. */
export function incompleteSignature(message: string): SignatureError {
  return new SignatureError("IncompleteSignatureException", message);
}

/** The signature is well formed and does not hold for this request, here, now. */
export function invalidSignature(message: string): SignatureError {
  return new SignatureError("InvalidSignatureException", message);
}

/** The one answer to everything that makes the calculated signature differ from the given one. */
export function signatureMismatch(): SignatureError {
  return invalidSignature(
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret " +
      "Access Key and signing method. Consult the service documentation for details.",
  );
}

/** Unknown access key, or a session token that is not this access key's. */
export function unrecognizedClient(): SignatureError {
  return new SignatureError(
    "UnrecognizedClientException",
    "The security token included in the request is invalid.",
  );
}

/** Right signature, right token, past its lifetime. */
export function expiredToken(): SignatureError {
  return new SignatureError("ExpiredTokenException", "The security token included in the request is expired");
}

/** Names a text in a message without repeating it: its SHA-256 in base64, and saying so, as AWS does. */
export function hashedForMessage(text: string): string {
  return btoa(String.fromCharCode(...sha256(utf8ToBytes(text))));
}
