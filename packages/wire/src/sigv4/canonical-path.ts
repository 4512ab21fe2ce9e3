/**
 * CanonicalURI: the path line of the canonical request.
 *
 * AWS IAM User Guide, "Create a signed AWS API request", step 1: for every service but Amazon S3, the path
 * is normalized as RFC 3986 §6.2.2.3 says (dot segments and empty segments removed), and what was sent is
 * encoded once more, so that a space that travels as `%20` is signed as `%2520`.
 */
import { encodeUriComponentStrictly } from "./uri-encoding.ts";

/**
 * @param rawPath    absolute path as received, without the query
 * @param normalize  false only for services that sign the path as it is
 */
export function canonicalPath(rawPath: string, normalize = true): string {
  return encodeUriComponentStrictly(normalize ? normalizePath(rawPath) : rawPath).replaceAll("%2F", "/");
}

function normalizePath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  const normalized = `/${kept.join("/")}`;
  // The last slash is part of the resource's name and survives: `/a/` and `/a` are two paths.
  return kept.length > 0 && path.endsWith("/") ? `${normalized}/` : normalized;
}
