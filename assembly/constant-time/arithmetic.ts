/**
 * Integer instructions on public values (WebAssembly Core Specification 3.0, §4.3.2), and which instructions take a time that
 * depends on their operands on common processors.
 *
 * Integer multiplication counts as constant: every 64-bit processor that runs a JavaScript engine today multiplies in a fixed
 * number of cycles. Division, remainder and floating point do not.
 */
export const VARIABLE_TIME: RegExp = /\.(div|rem)_|^f(32|64)\.|\.trunc_|\.convert_/;

/** An instruction on public values. */
export type Operation = (...operands: (number | bigint)[]) => number | bigint;

/** The instruction as a function with as many parameters as it has operands, or `undefined` if it is not one of these. */
export function arithmetic(name: string): Operation | undefined {
  return CONVERSIONS[name] ?? integer(name);
}

const CONVERSIONS: Readonly<Record<string, Operation>> = {
  "i32.wrap_i64": (value) => Number(BigInt.asIntN(32, BigInt(value))),
  "i64.extend_i32_u": (value) => BigInt(Number(value) >>> 0),
  "i64.extend_i32_s": (value) => BigInt(value),
  "f64.convert_i32_u": (value) => Number(value) >>> 0,
  "f64.convert_i64_u": (value) => Number(BigInt.asUintN(64, BigInt(value))),
  "i64.trunc_sat_f64_u": (value) => BigInt.asIntN(64, BigInt(Math.max(0, Math.trunc(Number(value))))),
};

const BINARY: Readonly<Record<string, (left: bigint, right: bigint, bits: number) => bigint>> = {
  add: (left, right) => left + right,
  sub: (left, right) => left - right,
  mul: (left, right) => left * right,
  and: (left, right) => left & right,
  or: (left, right) => left | right,
  xor: (left, right) => left ^ right,
  shl: (left, right, bits) => left << (right % BigInt(bits)),
  shr_u: (left, right, bits) => left >> (right % BigInt(bits)),
  shr_s: (left, right, bits) => BigInt.asIntN(bits, left) >> (right % BigInt(bits)),
  rotl: (left, right, bits) => rotate(left, right, bits),
  rotr: (left, right, bits) => rotate(left, BigInt(bits) - (right % BigInt(bits)), bits),
  div_u: (left, right) => left / right,
  rem_u: (left, right) => left % right,
  eq: (left, right) => BigInt(left === right),
  ne: (left, right) => BigInt(left !== right),
  lt_u: (left, right) => BigInt(left < right),
  gt_u: (left, right) => BigInt(left > right),
  le_u: (left, right) => BigInt(left <= right),
  ge_u: (left, right) => BigInt(left >= right),
  lt_s: (left, right, bits) => BigInt(BigInt.asIntN(bits, left) < BigInt.asIntN(bits, right)),
  gt_s: (left, right, bits) => BigInt(BigInt.asIntN(bits, left) > BigInt.asIntN(bits, right)),
  le_s: (left, right, bits) => BigInt(BigInt.asIntN(bits, left) <= BigInt.asIntN(bits, right)),
  ge_s: (left, right, bits) => BigInt(BigInt.asIntN(bits, left) >= BigInt.asIntN(bits, right)),
};

const COMPARISON = /^(eqz|eq|ne|[lg][te]_[us])$/;

function integer(name: string): Operation | undefined {
  const [type = "", operation = ""] = name.split(".");
  if (type !== "i32" && type !== "i64") return undefined;
  const bits = type === "i32" ? 32 : 64;
  const narrow = COMPARISON.test(operation) || type === "i32";
  const give = (value: bigint): number | bigint =>
    narrow ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value);
  if (operation === "eqz") return (value) => give(BigInt(BigInt(value) === 0n));
  const compute = BINARY[operation];
  if (compute === undefined) return undefined;
  const unsigned = (value: number | bigint): bigint => BigInt.asUintN(bits, BigInt(value));
  return (left: number | bigint, right: number | bigint) =>
    give(compute(unsigned(left), unsigned(right), bits));
}

function rotate(value: bigint, by: bigint, bits: number): bigint {
  const shift = by % BigInt(bits);
  return (value << shift) | (value >> (BigInt(bits) - shift));
}
