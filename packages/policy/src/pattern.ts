/**
 * Texts with wildcards and policy variables, as they stand in Action, Resource and Condition.
 *
 * `*` is any number of characters, `?` one. With the policy version 2012-10-17 `${key}` is the request's value of a condition
 * key, `${key, 'default'}` has a value for requests without it, and `${*}`, `${?}` and `${$}` are those characters themselves.
 * What a variable brings in is taken literally: a tag whose value is `*` is no wildcard.
 *
 * Between two `*` the leftmost place is taken, which is never wrong: no choice is ever gone back on, and no character of the text is
 * read for two pieces in vain.
 */
import { findPiece, fitsAt, type Piece } from "./piece.ts";

interface Wildcard {
  readonly wildcard: "*" | "?";
}

interface Variable {
  readonly key: string;
  readonly otherwise: string | undefined;
}

type Token = string | Wildcard | Variable;

export interface Pattern {
  /** As it stands in the policy. */
  readonly source: string;
  readonly syntax: PatternSyntax;
  readonly tokens: readonly Token[];
  /** Ready to match; absent if there are variables to be looked up first. */
  readonly pieces?: readonly Piece[];
  /** The only text that fits, if there is one and no variable in it. */
  readonly literal?: string;
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
  const only = pieces?.length === 1 && pieces[0]?.wild.size === 0 ? pieces[0].text : undefined;
  return {
    source,
    syntax,
    tokens,
    ...(pieces === undefined ? {} : { pieces }),
    ...(only === undefined ? {} : { literal: only }),
  };
}

/** Whether the whole text fits; `undefined` if a variable has no value in this request. */
export function matchesPattern(pattern: Pattern, text: string, lookup: Lookup): boolean | undefined {
  if (pattern.literal !== undefined) return pattern.literal === text;
  const pieces = pattern.pieces ?? piecesOf(pattern.tokens, lookup);
  return pieces === undefined ? undefined : matchesPieces(pieces, text);
}

/** The text that a pattern without wildcards stands for; `undefined` if a variable has no value in this request. */
export function resolvePattern(pattern: Pattern, lookup: Lookup): string | undefined {
  if (pattern.literal !== undefined) return pattern.literal;
  const pieces = pattern.pieces ?? piecesOf(pattern.tokens, lookup);
  return pieces?.map(({ text }) => text).join("*");
}

/** Most pieces have no `?`: they share one set, since a policy of 32 KiB may have some 16,000 pieces. */
const NO_PLACES: ReadonlySet<number> = new Set();

function piecesOf(tokens: readonly Token[], lookup: Lookup): Piece[] | undefined {
  const pieces: Piece[] = [];
  let text = "";
  let wild: Set<number> | undefined;
  for (const token of tokens) {
    if (typeof token === "string") text += token;
    else if ("key" in token) {
      const value = lookup(token.key) ?? token.otherwise;
      if (value === undefined) return undefined;
      text += value;
    } else if (token.wildcard === "?") {
      wild ??= new Set();
      wild.add(text.length);
      text += "?";
    } else {
      pieces.push({ text, wild: wild ?? NO_PLACES });
      text = "";
      wild = undefined;
    }
  }
  pieces.push({ text, wild: wild ?? NO_PLACES });
  return pieces;
}

function matchesPieces(pieces: readonly Piece[], text: string): boolean {
  const first = pieces[0] as Piece;
  if (pieces.length === 1) return first.text.length === text.length && fitsAt(first, text, 0);
  const last = pieces[pieces.length - 1] as Piece;
  const end = text.length - last.text.length;
  if (end < first.text.length || !fitsAt(first, text, 0) || !fitsAt(last, text, end)) return false;
  let from = first.text.length;
  for (let index = 1; index < pieces.length - 1; index++) {
    const piece = pieces[index] as Piece;
    const found = findPiece(piece, text, from, end);
    if (found === undefined) return false;
    from = found + piece.text.length;
  }
  return true;
}
