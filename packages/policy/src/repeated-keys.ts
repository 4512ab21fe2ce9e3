/**
 * A JSON object that has one name twice. The parser of JavaScript takes the last and says nothing; IAM refuses such a policy (IAM User
 * Guide, "Grammar of the IAM JSON policy language"), since whoever reads the first would be wrong about what it does.
 */

/** One level of nesting: the names of an object, or the number of the element of an array. */
interface Level {
  readonly names?: Set<string>;
  name: string;
  index: number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * @param text valid JSON
 * @returns the place of the second, such as `Statement[0].Effect`; `undefined` if every name stands once in its object
 */
export function repeatedKey(text: string): string | undefined {
  const levels: Level[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === "{") levels.push({ names: new Set(), name: "", index: 0 });
    else if (token === "[") levels.push({ name: "", index: 0 });
    else if (token === "}" || token === "]") levels.pop();
    else if (token === "," && level !== undefined) level.index++;
    else if (token === ":" && level?.names !== undefined) {
      level.name = JSON.parse(last) as string;
      if (level.names.has(level.name)) return placeIn(levels);
      level.names.add(level.name);
    }
    last = token;
  }
  return undefined;
}

function placeIn(levels: readonly Level[]): string {
  return levels
    .map(({ names, name, index }, depth) =>
      names === undefined ? `[${index}]` : depth === 0 ? name : `.${name}`,
    )
    .join("");
}
