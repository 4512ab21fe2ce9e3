/**
 * Texts with wildcards and policy variables, as they stand in Action, Resource and Condition.
 *
 * `*` is any number of characters, `?` one. With the policy version 2012-10-17 `${key}` is the request's value of a condition
 * key, `${key, 'default'}` has a value for requests without it, and `${*}`, `${?}` and `${$}` are those characters themselves.
 * What a variable brings in is taken literally: a tag whose value is `*` is no wildcard.
 *
 * Between two `*` the leftmost place is taken, which is never wrong: no choice is ever gone back on, so the time grows with the
 * length of the text times that of the longest piece between two `*`, whatever the pattern.
 */

interface Wildcard {
  readonly wildcard: "*" | "?";
}

interface Variable {
  readonly key: string;
  readonly otherwise: string | undefined;
}

type Token = string | Wildcard | Variable;

/** A piece between two `*`; `?` stands in `text` at each of `wild`. */
interface Piece {
  readonly text: string;
  readonly wild: ReadonlySet<number>;
}

export interface Pattern {
  /** As it stands in the policy. */
  readonly source: string;
  readonly syntax: PatternSyntax;
  readonly tokens: readonly Token[];
  /** Ready to match; absent if there are variables to be looked up first. */
  readonly pieces?: readonly Piece[];
}

/** The value of a condition key that has exactly one in this request. */
export type Lookup = (key: string) => string | undefined;

/** What is special in a pattern. */
export interface PatternSyntax {
  readonly wildcards: boolean;
  readonly variables: boolean;
}

/** The key takes the space behind it along, which is trimmed: two parts that both take space would try all ways to share it. */
const VARIABLE = /^\$\{(?:([*?$])|([^{}',]+)(?:,\s*'((?:[^']|'')*)')?)\}/;

export function parsePattern(source: string, syntax: PatternSyntax): Pattern {
  const tokens: Token[] = [];
  let literal = "";
  const flush = () => {
    if (literal !== "") tokens.push(literal);
    literal = "";
  };
  for (let at = 0; at < source.length; ) {
    const character = source.charAt(at);
    const variable = character === "$" && syntax.variables ? VARIABLE.exec(source.slice(at)) : null;
    if (variable !== null) {
      const [whole, escaped, key, otherwise] = variable;
      if (escaped !== undefined) literal += escaped;
      else {
        flush();
        tokens.push({ key: (key ?? "").trim().toLowerCase(), otherwise: otherwise?.replaceAll("''", "'") });
      }
      at += whole.length;
      continue;
    }
    if (syntax.wildcards && (character === "*" || character === "?")) {
      flush();
      tokens.push({ wildcard: character });
    } else literal += character;
    at++;
  }
  flush();
  const fixed = tokens.every((token) => typeof token === "string" || "wildcard" in token);
  const pieces = fixed ? piecesOf(tokens, () => undefined) : undefined;
  return { source, syntax, tokens, ...(pieces === undefined ? {} : { pieces }) };
}

/** Whether the whole text fits; `undefined` if a variable has no value in this request. */
export function matchesPattern(pattern: Pattern, text: string, lookup: Lookup): boolean | undefined {
  const pieces = pattern.pieces ?? piecesOf(pattern.tokens, lookup);
  return pieces === undefined ? undefined : matchesPieces(pieces, text);
}

/** The text that a pattern without wildcards stands for; `undefined` if a variable has no value in this request. */
export function resolvePattern(pattern: Pattern, lookup: Lookup): string | undefined {
  const pieces = pattern.pieces ?? piecesOf(pattern.tokens, lookup);
  return pieces?.map(({ text }) => text).join("*");
}

function piecesOf(tokens: readonly Token[], lookup: Lookup): Piece[] | undefined {
  const pieces: Piece[] = [];
  let text = "";
  let wild = new Set<number>();
  for (const token of tokens) {
    if (typeof token === "string") text += token;
    else if ("key" in token) {
      const value = lookup(token.key) ?? token.otherwise;
      if (value === undefined) return undefined;
      text += value;
    } else if (token.wildcard === "?") {
      wild.add(text.length);
      text += "?";
    } else {
      pieces.push({ text, wild });
      text = "";
      wild = new Set();
    }
  }
  pieces.push({ text, wild });
  return pieces;
}

function matchesPieces(pieces: readonly Piece[], text: string): boolean {
  const [first, ...others] = pieces as readonly [Piece, ...Piece[]];
  const last = others.pop();
  if (last === undefined) return first.text.length === text.length && fitsAt(first, text, 0);
  const end = text.length - last.text.length;
  if (end < first.text.length || !fitsAt(first, text, 0) || !fitsAt(last, text, end)) return false;
  let from = first.text.length;
  for (const piece of others) {
    const found = find(piece, text, from, end);
    if (found === undefined) return false;
    from = found + piece.text.length;
  }
  return true;
}

/** Leftmost place of a piece from `from` on that ends by `end`. */
function find(piece: Piece, text: string, from: number, end: number): number | undefined {
  const latest = end - piece.text.length;
  if (piece.wild.size === 0) {
    const found = text.indexOf(piece.text, from);
    return found === -1 || found > latest ? undefined : found;
  }
  for (let at = from; at <= latest; at++) if (fitsAt(piece, text, at)) return at;
  return undefined;
}

function fitsAt(piece: Piece, text: string, at: number): boolean {
  if (piece.wild.size === 0) return text.startsWith(piece.text, at);
  for (let index = 0; index < piece.text.length; index++) {
    if (!piece.wild.has(index) && piece.text.charCodeAt(index) !== text.charCodeAt(at + index)) return false;
  }
  return true;
}
