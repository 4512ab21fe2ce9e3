/**
 * Runs a module on secrets that have no value, and notes every place where the time that it takes could depend on one.
 *
 * A value is a number, or {@link SECRET}, or {@link UNKNOWN}: public but not computed (vectors, and what comes out of them).
 * Whatever is made of a secret is secret. Since secrets have no value, the run can't follow one: what decides a branch, selects,
 * addresses memory, or is divided must be public, and is a {@link Finding} if it is not. What a run did not reach is not shown;
 * so every instruction that no run executed is to be reported too.
 */
import { arithmetic, type Operation, VARIABLE_TIME } from "./arithmetic.ts";
import { type Code, type Instruction, type Module, TYPE } from "./module.ts";

const SECRET = "secret";
const UNKNOWN = "unknown";
export type Value = number | bigint | typeof SECRET | typeof UNKNOWN;

/** A place where time depends on a secret. */
export interface Finding {
  readonly what:
    | "branch"
    | "select"
    | "address"
    | "variable-time instruction"
    | "public value that was not computed";
  readonly instruction: string;
  readonly where: string;
}

/** What a byte of memory is. */
const PUBLIC_BYTE = 0;
const UNKNOWN_BYTE = 1;
const SECRET_BYTE = 2;

/** A run can't go on: which way it goes depends on a secret. */
class Stuck extends Error {}

interface Place {
  readonly code: Code;
  readonly at: number;
}

interface Label {
  /** Where a branch to it goes on. */
  readonly target: number;
  /** Values that a branch takes along. */
  readonly arity: number;
  readonly height: number;
  readonly loop: boolean;
}

export class Machine {
  readonly findings = new Map<string, Finding>();
  readonly #module: Module;
  readonly #memory: Uint8Array;
  readonly #kinds: Uint8Array;
  readonly #globals: Value[];

  constructor(module: Module) {
    this.#module = module;
    this.#memory = new Uint8Array(module.memorySize);
    this.#kinds = new Uint8Array(module.memorySize);
    for (const { at, bytes } of module.data) this.#memory.set(bytes, at);
    this.#globals = [...module.globals];
  }

  /** Value of an exported global. */
  global(name: string): number {
    const { index = -1 } = this.#module.exports.get(name) ?? {};
    const value = this.#globals[index];
    if (typeof value !== "number") throw new Error(`the module exports no constant ${name}`);
    return value;
  }

  /** Makes bytes of memory secret. */
  hide(at: number, length: number): void {
    this.#kinds.fill(SECRET_BYTE, at, at + length);
  }

  /** Makes bytes of memory public, without a value. */
  reveal(at: number, length: number): void {
    this.#kinds.fill(UNKNOWN_BYTE, at, at + length);
  }

  /** Whether a byte may hold something that depends on a secret. */
  isSecret(at: number): boolean {
    return this.#kinds[at] === SECRET_BYTE;
  }

  /** Calls an exported function. `undefined` if it gives nothing, or could not be followed to its end. */
  call(name: string, ...args: readonly Value[]): Value | undefined {
    const { index = -1 } = this.#module.exports.get(name) ?? {};
    const code = this.#module.functions[index];
    if (code === undefined) throw new Error(`the module exports no function ${name}`);
    try {
      return this.#run(code, args);
    } catch (error) {
      if (error instanceof Stuck) return undefined;
      throw error;
    }
  }

  #run(code: Code, args: readonly Value[]): Value | undefined {
    const locals: Value[] = code.locals.map((type, index) => args[index] ?? zeroOf(type));
    const stack: Value[] = [];
    const labels: Label[] = [
      { target: code.instructions.length, arity: code.results, height: 0, loop: false },
    ];
    const pop = (): Value => {
      const value = stack.pop();
      if (value === undefined) throw new Error(`${code.name}: the stack is empty`);
      return value;
    };
    let at = 0;
    const branch = (depth: number): void => {
      const label = labels[labels.length - 1 - depth];
      if (label === undefined) throw new Error(`${code.name}: no label ${depth}`);
      const taken = label.arity === 0 ? [] : stack.slice(-label.arity);
      stack.length = label.height;
      stack.push(...taken);
      labels.length -= depth + (label.loop ? 0 : 1);
      at = label.target;
    };
    while (at < code.instructions.length) {
      const instruction = code.instructions[at] as Instruction;
      const { name, operand } = instruction;
      const place: Place = { code, at };
      instruction.executed = true;
      at++;
      switch (name) {
        case "block":
          labels.push({
            target: instruction.end + 1,
            arity: instruction.results,
            height: stack.length,
            loop: false,
          });
          break;
        case "loop":
          labels.push({ target: at, arity: 0, height: stack.length, loop: true });
          break;
        case "if": {
          const condition = this.#decide(pop(), name, place);
          labels.push({
            target: instruction.end + 1,
            arity: instruction.results,
            height: stack.length,
            loop: false,
          });
          if (!condition)
            at = instruction.otherwise === instruction.end ? instruction.end : instruction.otherwise + 1;
          break;
        }
        case "else":
          at = instruction.end;
          break;
        case "end":
          labels.pop();
          break;
        case "br":
          branch(operand);
          break;
        case "br_if":
          if (this.#decide(pop(), name, place)) branch(operand);
          break;
        case "br_table": {
          const index = this.#number(pop(), "branch", name, place);
          branch(instruction.table[index] ?? instruction.table.at(-1) ?? 0);
          break;
        }
        case "return":
          branch(labels.length - 1);
          break;
        case "call": {
          const callee = this.#module.functions[operand] as Code;
          const given = callee.parameters === 0 ? [] : stack.splice(-callee.parameters);
          const result = this.#run(callee, given);
          if (result !== undefined) stack.push(result);
          break;
        }
        case "nop":
          break;
        case "drop":
          pop();
          break;
        case "select": {
          const condition = pop();
          const [no, yes] = [pop(), pop()];
          if (condition === SECRET) this.#note("select", name, place);
          if (condition === SECRET || yes === SECRET || no === SECRET) stack.push(SECRET);
          else if (condition === UNKNOWN) stack.push(UNKNOWN);
          else stack.push(Number(condition) === 0 ? no : yes);
          break;
        }
        case "local.get":
          stack.push(locals[operand] as Value);
          break;
        case "local.set":
          locals[operand] = pop();
          break;
        case "local.tee":
          locals[operand] = stack.at(-1) as Value;
          break;
        case "global.get":
          stack.push(this.#globals[operand] as Value);
          break;
        case "global.set":
          this.#globals[operand] = pop();
          break;
        case "memory.fill":
        case "memory.copy": {
          const [length, source, target] = [pop(), pop(), pop()];
          const size = this.#number(length, "address", name, place);
          const to = this.#number(target, "address", name, place);
          if (name === "memory.copy") {
            const from = this.#number(source, "address", name, place);
            this.#memory.copyWithin(to, from, from + size);
            this.#kinds.copyWithin(to, from, from + size);
          } else for (let index = 0; index < size; index++) this.#store(to + index, 1, source);
          break;
        }
        default:
          this.#plain(instruction, place, stack, pop);
      }
    }
    return code.results === 0 ? undefined : stack.at(-1);
  }

  /** Instructions that neither jump nor touch locals. */
  #plain(instruction: Instruction, place: Place, stack: Value[], pop: () => Value): void {
    const { name, literal, operand } = instruction;
    if (name.endsWith(".const")) {
      stack.push(literal ?? UNKNOWN);
      return;
    }
    const meaning = meaningOf(name);
    if (meaning.kind === "access") {
      const { type, size, stores } = meaning;
      const value = stores ? pop() : undefined;
      const base = pop();
      const known = typeof base === "number";
      if (!known) this.#note(base === SECRET ? "address" : "public value that was not computed", name, place);
      const address = known ? (base >>> 0) + operand : 0;
      if (value !== undefined) {
        if (known) this.#store(address, size, value);
        return;
      }
      stack.push(known ? this.#load(address, size, type, name) : SECRET);
      return;
    }
    if (meaning.kind === "vector") {
      let secret = false;
      for (let count = 0; count < meaning.operands; count++) secret = pop() === SECRET || secret;
      stack.push(secret ? SECRET : UNKNOWN);
      return;
    }
    const { operation } = meaning;
    const operands = stack.splice(-operation.length);
    if (operands.includes(SECRET)) {
      if (VARIABLE_TIME.test(name)) this.#note("variable-time instruction", name, place);
      stack.push(SECRET);
    } else if (operands.includes(UNKNOWN)) stack.push(UNKNOWN);
    else stack.push(operation(...(operands as (number | bigint)[])));
  }

  #load(address: number, size: number, type: string, name: string): Value {
    const kind = this.#kindOf(address, size);
    if (kind === SECRET_BYTE) return SECRET;
    if (kind === UNKNOWN_BYTE || type === "v128") return UNKNOWN;
    let value = 0n;
    for (let index = size - 1; index >= 0; index--)
      value = (value << 8n) | BigInt(this.#memory[address + index] ?? 0);
    const read = name.endsWith("_s") ? BigInt.asIntN(size * 8, value) : value;
    if (type === "i64") return BigInt.asIntN(64, read);
    if (type === "i32") return Number(BigInt.asIntN(32, read));
    return UNKNOWN;
  }

  #store(address: number, size: number, value: Value): void {
    const computed = typeof value !== "string";
    const kind = value === SECRET ? SECRET_BYTE : computed ? PUBLIC_BYTE : UNKNOWN_BYTE;
    this.#kinds.fill(kind, address, address + size);
    let rest = computed
      ? BigInt.asUintN(64, BigInt(Math.trunc(Number(typeof value === "bigint" ? 0 : value))))
      : 0n;
    if (typeof value === "bigint") rest = BigInt.asUintN(64, value);
    for (let index = 0; index < size; index++) {
      this.#memory[address + index] = Number(rest & 255n);
      rest >>= 8n;
    }
  }

  #kindOf(address: number, size: number): number {
    let kind = PUBLIC_BYTE;
    for (let index = 0; index < size; index++)
      kind = Math.max(kind, this.#kinds[address + index] ?? SECRET_BYTE);
    return kind;
  }

  #decide(condition: Value, name: string, place: Place): boolean {
    return this.#number(condition, "branch", name, place) !== 0;
  }

  /** A public number; what depends on a secret is noted, and ends the run. */
  #number(value: Value, what: Finding["what"], name: string, place: Place): number {
    if (typeof value === "number") return value;
    this.#note(value === SECRET ? what : "public value that was not computed", name, place);
    throw new Stuck();
  }

  #note(what: Finding["what"], instruction: string, { code, at }: Place): void {
    const where = `${code.name}, instruction ${at}`;
    this.findings.set(`${what} ${where}`, { what, instruction, where });
  }
}

function zeroOf(type: number): Value {
  if (type === TYPE.i64) return 0n;
  return type === TYPE.v128 ? UNKNOWN : 0;
}

/** What an instruction that neither jumps nor touches locals does. */
type Meaning =
  | { readonly kind: "access"; readonly type: string; readonly size: number; readonly stores: boolean }
  | { readonly kind: "vector"; readonly operands: number }
  | { readonly kind: "arithmetic"; readonly operation: Operation };

const meanings = new Map<string, Meaning>();

function meaningOf(name: string): Meaning {
  let meaning = meanings.get(name);
  if (meaning === undefined) {
    meaning = readMeaning(name);
    meanings.set(name, meaning);
  }
  return meaning;
}

function readMeaning(name: string): Meaning {
  const access = /^(i32|i64|f32|f64|v128)\.(load|store)(\d*)/.exec(name);
  if (access !== null) {
    const [, type = "", direction, narrow = ""] = access;
    return { kind: "access", type, size: sizeOf(type, narrow, name), stores: direction === "store" };
  }
  if (isVector(name)) return { kind: "vector", operands: vectorOperands(name) };
  const operation = arithmetic(name);
  if (operation === undefined) throw new Error(`the checker doesn't know ${name}`);
  return { kind: "arithmetic", operation };
}

function sizeOf(type: string, narrow: string, name: string): number {
  const lanes = /^v128\.load(\d+)x(\d+)/.exec(name);
  if (lanes !== null) return (Number(lanes[1]) * Number(lanes[2])) / 8;
  if (narrow !== "") return Number(narrow) / 8;
  return { i32: 4, f32: 4, i64: 8, f64: 8, v128: 16 }[type] ?? 16;
}

/** Instructions on 128-bit vectors; all of those that take integers have a fixed latency. */
function isVector(name: string): boolean {
  if (/^(f32x4|f64x2)\./.test(name)) throw new Error(`floating-point vectors are not expected: ${name}`);
  return /^(v128|i8x16|i16x8|i32x4|i64x2)\./.test(name);
}

function vectorOperands(name: string): number {
  if (/\.(bitselect|relaxed_laneselect|relaxed_madd)$/.test(name)) return 3;
  if (/\.(not|splat|neg|abs|popcnt|bitmask|all_true|any_true)$|extract_lane|\.extend_|extadd/.test(name))
    return 1;
  return 2;
}
