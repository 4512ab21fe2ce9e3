/**
 * Signature Version 4 timestamps: `YYYYMMDDTHHMMSSZ`, ISO 8601 basic format in UTC, whole seconds.
 *
 * AWS IAM User Guide, "Elements of an AWS API request signature", Date.
 */

const BASIC_FORMAT = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** @returns milliseconds since the epoch, or undefined if the text is not a real moment in this format */
export function parseTimestamp(text: string): number | undefined {
  const match = BASIC_FORMAT.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const milliseconds = Date.UTC(year, month - 1, day, hour, minute, second);
  // 30 February rolls over to March, and then reads differently.
  return formatTimestamp(milliseconds) === text ? milliseconds : undefined;
}

/** @param milliseconds  since the epoch; fractions of a second are dropped */
export function formatTimestamp(milliseconds: number): string {
  return new Date(milliseconds)
    .toISOString()
    .replace(/\.\d{3}/, "")
    .replace(/[-:]/g, "");
}
