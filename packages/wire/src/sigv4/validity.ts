/**
 * When a signature holds: within the clock tolerance, or within a presigned request's lifetime.
 *
 * AWS IAM User Guide, "Troubleshoot signed requests": the wording; five minutes is what AWS KMS allows.
 */
import type { SignatureClaim } from "./claim.ts";
import { incompleteSignature, invalidSignature } from "./error.ts";
import { formatTimestamp, parseTimestamp } from "./timestamp.ts";

/** A period in milliseconds since the epoch, both ends included. */
interface Validity {
  readonly signedAt: number;
  readonly expiresAt: number;
}

/**
 * @param now          milliseconds since the epoch
 * @param maximumSkew  milliseconds that the clocks may differ, either way
 * @throws {SignatureError} IncompleteSignatureException for a malformed date; InvalidSignatureException for
 *         a signature that is expired or not yet current
 */
export function requireCurrent(
  { timestamp, expiresSeconds }: SignatureClaim,
  now: number,
  maximumSkew: number,
): Validity {
  const signedAt = parseTimestamp(timestamp);
  if (signedAt === undefined) {
    throw incompleteSignature(
      `Date must be in ISO-8601 'basic format'. Got '${timestamp}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  const lifetime = expiresSeconds === undefined ? maximumSkew : expiresSeconds * 1_000;
  if (signedAt < now - lifetime) {
    throw invalidSignature(
      `Signature expired: ${timestamp} is now earlier than ${formatTimestamp(now - lifetime)} ` +
        `(${formatTimestamp(now)} - ${formatDuration(lifetime)})`,
    );
  }
  if (signedAt > now + maximumSkew) {
    throw invalidSignature(
      `Signature not yet current: ${timestamp} is still later than ${formatTimestamp(now + maximumSkew)} ` +
        `(${formatTimestamp(now)} + ${formatDuration(maximumSkew)})`,
    );
  }
  return { signedAt, expiresAt: signedAt + lifetime };
}

function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  return seconds % 60 === 0 ? `${seconds / 60} min.` : `${seconds} sec.`;
}
