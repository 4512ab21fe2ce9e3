/** A WebAssembly module as the checker runs it: functions as flat lists of instructions with their jumps resolved. */
import {
  BinaryReader,
  type IExportEntry,
  type IFunctionEntry,
  type IFunctionInformation,
  type IOperatorInformation,
  type ITypeEntry,
  OperatorCodeNames,
} from "wasmparser";

/** Codes of value types (WebAssembly Core Specification 3.0, §5.3.1), as signed numbers. */
export const TYPE = { i32: -1, i64: -2, f32: -3, f64: -4, v128: -5 } as const;

const VOID = -64;

/** The reader's states that matter here; its own enum can't be used from a single-file compiler. */
const STATE = {
  IMPORT_SECTION_ENTRY: 12,
  TYPE_SECTION_ENTRY: 11,
  FUNCTION_SECTION_ENTRY: 13,
  MEMORY_SECTION_ENTRY: 15,
  INIT_EXPRESSION_OPERATOR: 26,
  OFFSET_EXPRESSION_OPERATOR: 45,
  BEGIN_GLOBAL_SECTION_ENTRY: 39,
  END_GLOBAL_SECTION_ENTRY: 40,
  EXPORT_SECTION_ENTRY: 17,
  DATA_SECTION_ENTRY_BODY: 37,
  BEGIN_FUNCTION_BODY: 28,
  CODE_OPERATOR: 30,
} as const;

export interface Instruction {
  readonly name: string;
  /** Constant, if the instruction carries one. */
  readonly literal: number | bigint | undefined;
  /** Index of a local, global or function, depth of a branch, or offset of an address. */
  readonly operand: number;
  /** Depths of a br_table. */
  readonly table: readonly number[];
  /** Results of a block. */
  readonly results: number;
  /** Place of the matching `end`; of a block, loop, if or else. */
  end: number;
  /** Place of the matching `else`, or of the `end`; of an if. */
  otherwise: number;
  /** Whether a run came here. */
  executed: boolean;
}

export interface Code {
  readonly name: string;
  readonly parameters: number;
  readonly results: number;
  /** Types of all locals, parameters first. */
  readonly locals: readonly number[];
  readonly instructions: readonly Instruction[];
}

export interface Module {
  readonly functions: readonly Code[];
  /** Index of a function, or of a global, by the name of its export. */
  readonly exports: ReadonlyMap<
    string,
    { readonly kind: "function" | "global" | "memory"; readonly index: number }
  >;
  readonly globals: readonly (number | bigint)[];
  readonly data: readonly { readonly at: number; readonly bytes: Uint8Array }[];
  /** Bytes of memory at the start. */
  readonly memorySize: number;
}

/** @throws {Error} if the module has imports, or anything else that the kernels don't have */
export function readModule(bytes: Uint8Array): Module {
  const reader = new BinaryReader();
  // A copy from its beginning: not `slice`, which Buffer overrides to return a view.
  reader.setData(new Uint8Array(bytes).buffer, 0, bytes.length);
  const types: ITypeEntry[] = [];
  const typeOf: number[] = [];
  const bodies: { information: IFunctionInformation; instructions: Instruction[] }[] = [];
  const entries: [string, { kind: "function" | "global" | "memory"; index: number }][] = [];
  const globals: (number | bigint)[] = [];
  const data: { at: number; bytes: Uint8Array }[] = [];
  let memorySize = 0;
  let constant: number | bigint = 0;
  while (reader.read()) {
    const result: unknown = reader.result;
    switch (reader.state) {
      case STATE.IMPORT_SECTION_ENTRY:
        throw new Error("the module has imports, and what they do is not known");
      case STATE.TYPE_SECTION_ENTRY:
        types.push(result as ITypeEntry);
        break;
      case STATE.FUNCTION_SECTION_ENTRY:
        typeOf.push((result as IFunctionEntry).typeIndex);
        break;
      case STATE.MEMORY_SECTION_ENTRY:
        memorySize = (result as { limits: { initial: number } }).limits.initial * 65_536;
        break;
      case STATE.INIT_EXPRESSION_OPERATOR:
      case STATE.OFFSET_EXPRESSION_OPERATOR:
        constant = literalOf(result as IOperatorInformation) ?? constant;
        break;
      case STATE.BEGIN_GLOBAL_SECTION_ENTRY:
        constant = 0;
        break;
      case STATE.END_GLOBAL_SECTION_ENTRY:
        globals.push(constant);
        break;
      case STATE.EXPORT_SECTION_ENTRY: {
        const { field, kind, index } = result as IExportEntry;
        const kinds: readonly ("function" | "memory" | "global" | undefined)[] = [
          "function",
          undefined,
          "memory",
          "global",
        ];
        const known = kinds[kind];
        if (known !== undefined) entries.push([new TextDecoder().decode(field), { kind: known, index }]);
        break;
      }
      case STATE.DATA_SECTION_ENTRY_BODY:
        data.push({ at: Number(constant), bytes: (result as { data: Uint8Array }).data.slice() });
        break;
      case STATE.BEGIN_FUNCTION_BODY:
        bodies.push({ information: result as IFunctionInformation, instructions: [] });
        break;
      case STATE.CODE_OPERATOR:
        bodies.at(-1)?.instructions.push(instructionOf(result as IOperatorInformation));
        break;
    }
  }
  if (reader.error !== null) throw reader.error;
  const exported = new Map(entries);
  const names = new Map(
    entries.filter(([, { kind }]) => kind === "function").map(([name, { index }]) => [index, name]),
  );
  const functions = bodies.map(({ information, instructions }, index): Code => {
    const type = types[typeOf[index] ?? -1];
    const parameters = (type?.params ?? []).map(({ code }) => code as number);
    const more = information.locals.flatMap(({ count, type: { code } }) =>
      Array<number>(count).fill(code as number),
    );
    resolveJumps(instructions);
    return {
      name: names.get(index) ?? `function ${index}`,
      parameters: parameters.length,
      results: type?.returns?.length ?? 0,
      locals: [...parameters, ...more],
      instructions,
    };
  });
  return { functions, exports: exported, globals, data, memorySize };
}

function instructionOf(operator: IOperatorInformation): Instruction {
  const name = OperatorCodeNames[operator.code];
  if (name === undefined) throw new Error(`an instruction with the unknown code ${operator.code}`);
  const operand =
    operator.localIndex ??
    operator.globalIndex ??
    operator.funcIndex ??
    operator.brDepth ??
    operator.memoryAddress?.offset ??
    0;
  return {
    name,
    literal: literalOf(operator),
    operand: Number(operand),
    table: [...(operator.brTable ?? [])],
    results: operator.blockType === undefined || Number(operator.blockType.code) === VOID ? 0 : 1,
    end: -1,
    otherwise: -1,
    executed: false,
  };
}

function literalOf({ literal }: IOperatorInformation): number | bigint | undefined {
  if (typeof literal === "number") return literal;
  if (typeof literal !== "object" || literal === null || !("_data" in literal)) return undefined;
  const { _data: bytes } = literal as unknown as { readonly _data: Uint8Array };
  return new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
}

function resolveJumps(instructions: readonly Instruction[]): void {
  const open: number[] = [];
  for (const [place, { name }] of instructions.entries()) {
    if (name === "block" || name === "loop" || name === "if") open.push(place);
    const opener = instructions[open.at(-1) ?? -1];
    if (name === "else" && opener !== undefined) opener.otherwise = place;
    if (name === "end" && opener !== undefined) {
      opener.end = place;
      const alternative = instructions[opener.otherwise];
      if (alternative === undefined) opener.otherwise = place;
      else alternative.end = place;
      open.pop();
    }
  }
}
