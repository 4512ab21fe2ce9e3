/** Faults planted in TypeScript, one at a time, found over its syntax tree: what tests ought to notice. */
import { parseAst } from "rolldown/parseAst";

export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const OPERATORS: Readonly<Record<string, string>> = {
  "===": "!==",
  "!==": "===",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "+": "-",
  "-": "+",
  "&&": "||",
  "||": "&&",
  "??": "&&",
};

/** Types are erased, modules have to be found, and what an error says is told elsewhere. */
const LEFT_ALONE = /^(?:Import|ExportAll|TS(?!As|Satisfies|NonNull)|ThrowStatement|TemplateElement)/;

/** Every mutant of a source file, in order of appearance. */
export function mutantsOf(source: string): readonly Mutant[] {
  const mutants: Mutant[] = [];
  visit(parseAst(source, { lang: "ts" }), source, (mutant) => mutants.push(mutant));
  return mutants.sort((left, right) => left.start - right.start);
}

function visit(value: unknown, source: string, plant: (mutant: Mutant) => void): void {
  if (Array.isArray(value)) {
    for (const each of value) visit(each, source, plant);
    return;
  }
  if (!isNode(value) || LEFT_ALONE.test(value.type)) return;
  for (const mutant of mutantsAt(value, source)) plant(mutant);
  for (const [name, child] of Object.entries(value))
    if (name !== "key" && name !== "source") visit(child, source, plant);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function mutantsAt(node: Node, source: string): Mutant[] {
  const fields = node as unknown as Readonly<Record<string, unknown>>;
  const whole = (replacement: string): Mutant => ({ start: node.start, end: node.end, replacement });
  const child = (name: string): Node => fields[name] as Node;
  const text = ({ start, end }: Node) => source.slice(start, end);
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression": {
      const operator = String(fields["operator"]);
      const flipped = OPERATORS[operator];
      if (flipped === undefined) return [];
      return [whole(`((${text(child("left"))}) ${flipped} (${text(child("right"))}))`)];
    }
    case "IfStatement":
    case "ConditionalExpression": {
      const { start, end } = child("test");
      return ["true", "false"].map((replacement) => ({ start, end, replacement }));
    }
    case "UnaryExpression":
      return fields["operator"] === "!" ? [whole(text(child("argument")))] : [];
    case "Literal": {
      const { value } = fields as { value?: unknown };
      if (typeof value === "boolean") return [whole(String(!value))];
      if (typeof value === "number") return [whole(String(value + 1))];
      return typeof value === "string" && value !== "" ? [whole('""')] : [];
    }
    case "ReturnStatement":
      return fields["argument"] === null ? [] : [whole("return undefined;")];
    case "ArrayExpression":
      return (fields["elements"] as unknown[]).length === 0 ? [] : [whole("[]")];
    case "ExpressionStatement":
      return [whole(";")];
    default:
      return [];
  }
}
