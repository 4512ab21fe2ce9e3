/** Texts with wildcards and variables, for the second evaluator: a table of what fits what, filled in whole. */
import type { Values } from "./naive-conditions.ts";

type Character = "any text" | "any character" | { readonly letter: string };

/** Whether a text fits; `undefined` if a variable has no value, or has several. */
export function textFits(
  pattern: string,
  text: string,
  variables: boolean,
  values: Values,
): boolean | undefined {
  const characters = charactersOf(pattern, variables, values, true);
  return characters === undefined ? undefined : fits(characters, text);
}

/** The text that a pattern stands for where wildcards mean themselves. */
export function textOf(pattern: string, variables: boolean, values: Values): string | undefined {
  const characters = charactersOf(pattern, variables, values, false);
  if (characters === undefined) return undefined;
  return characters.map((character) => (typeof character === "object" ? character.letter : "")).join("");
}

function charactersOf(
  pattern: string,
  variables: boolean,
  values: Values,
  wildcards: boolean,
): Character[] | undefined {
  const characters: Character[] = [];
  let rest = pattern;
  while (rest !== "") {
    const end = rest.indexOf("}");
    if (variables && rest.startsWith("${") && end > 2) {
      const [name = "", ...others] = rest.slice(2, end).split(",");
      const replaced = replacementOf(name.trim(), others.join(",").trim(), values);
      if (replaced === undefined) return undefined;
      characters.push(...[...replaced].map((letter) => ({ letter })));
      rest = rest.slice(end + 1);
      continue;
    }
    const letter = rest.slice(0, 1);
    if (wildcards && letter === "*") characters.push("any text");
    else if (wildcards && letter === "?") characters.push("any character");
    else characters.push({ letter });
    rest = rest.slice(1);
  }
  return characters;
}

/** `${*}`, `${?}` and `${$}` are those characters; a variable in single quotes has a value to fall back to. */
function replacementOf(name: string, otherwise: string, values: Values): string | undefined {
  if (["*", "?", "$"].includes(name)) return name;
  const key = Object.keys(values).find((one) => one.toLowerCase() === name.toLowerCase());
  const found = key === undefined ? [] : (values[key] ?? []);
  if (found.length === 1) return found[0];
  return /^'.*'$/.test(otherwise) ? otherwise.slice(1, -1).replaceAll("''", "'") : undefined;
}

/** `table[i]`: whether the characters up to here fit the first `i` of the text. */
function fits(characters: readonly Character[], text: string): boolean {
  let table = Array.from({ length: text.length + 1 }, (_, length) => length === 0);
  for (const character of characters) {
    const next = table.map(() => false);
    for (let length = 0; length <= text.length; length++) {
      if (character === "any text")
        next[length] = table[length] === true || (length > 0 && next[length - 1] === true);
      else if (length > 0 && table[length - 1] === true)
        next[length] = character === "any character" || character.letter === text.charAt(length - 1);
    }
    table = next;
  }
  return table[text.length] === true;
}
