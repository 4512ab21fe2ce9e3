/** IP addresses and ranges in CIDR notation, of both versions (RFC 4632, RFC 4291 §2.2 and §2.3). */

export interface IpRange {
  readonly version: 4 | 6;
  readonly address: bigint;
  /** Length of the prefix in bits. */
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;
const DECIMAL = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** An address (a range of one) or a range; `undefined` if it is neither. */
export function parseRange(text: string): IpRange | undefined {
  const [address = "", prefixText, ...rest] = text.split("/");
  const parsed = parseVersion4(address) ?? parseVersion6(address);
  if (parsed === undefined || rest.length > 0) return undefined;
  const bits = BITS[parsed.version];
  if (prefixText === undefined) return { ...parsed, prefix: bits };
  if (!DECIMAL.test(prefixText) || Number(prefixText) > bits) return undefined;
  return { ...parsed, prefix: Number(prefixText) };
}

/** Whether all of `actual` lies in `range`. */
export function isInRange(range: IpRange, actual: IpRange): boolean {
  if (range.version !== actual.version || actual.prefix < range.prefix) return false;
  const shift = BigInt(BITS[range.version] - range.prefix);
  return range.address >> shift === actual.address >> shift;
}

function parseVersion4(text: string): Pick<IpRange, "version" | "address"> | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => DECIMAL.test(part) && Number(part) < 256))
    return undefined;
  return { version: 4, address: parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) };
}

function parseVersion6(text: string): Pick<IpRange, "version" | "address"> | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail] = halves.map((half) => (half === "" ? [] : half.split(":"))) as [
    string[],
    string[]?,
  ];
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...(tail ?? [])];
  if (!groups.every((group) => GROUP.test(group))) return undefined;
  return { version: 6, address: groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n) };
}
