/**
 * CanonicalHeaders: the header lines of the canonical request.
 *
 * AWS IAM User Guide, "Create a signed AWS API request", step 1: names in lower case, values without
 * surrounding spaces and with inner runs of spaces made one, several values of one name joined by commas in
 * the order they were sent.
 */

/** Every value of every header, by lower-case name, in order of appearance. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

/** Groups headers by name. Takes a list of pairs (duplicates visible) or a Fetch `Headers` (duplicates folded). */
export function groupHeaders(headers: Iterable<readonly [string, string]>): HeaderValues {
  const grouped = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const values = grouped.get(key);
    if (values === undefined) grouped.set(key, [value]);
    else values.push(value);
  }
  return grouped;
}

/**
 * The header block, each line ended by a line feed.
 *
 * @returns undefined if a named header is absent, or holds anything but printable ASCII: a control character
 *          or a character with two encodings would let two different requests share one canonical form
 */
export function canonicalHeaders(headers: HeaderValues, signedNames: readonly string[]): string | undefined {
  let block = "";
  for (const name of signedNames) {
    const values = headers.get(name);
    if (values === undefined || !values.every((value) => PRINTABLE_ASCII.test(value))) return undefined;
    block += `${name}:${values.map(trimAll).join(",")}\n`;
  }
  return block;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

function trimAll(value: string): string {
  return value.replace(/ {2,}/g, " ").replace(/^ | $/g, "");
}
