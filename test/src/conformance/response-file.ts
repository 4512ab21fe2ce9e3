/**
 * NIST's CAVP response files (`.rsp`): sections in brackets, then cases of `Name = value` lines set apart by blank lines.
 */

/** A case with the parameters of its section. `FAIL` stands as a name of its own. */
export interface ResponseCase {
  readonly section: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * @param first the field that every case begins with, such as `Count`
 */
export function parseResponseFile(text: string, first: string): readonly ResponseCase[] {
  const cases: ResponseCase[] = [];
  let section: Record<string, string> = {};
  let fields: Record<string, string> = {};
  let inSection = false;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const parameter = /^\[([^=\]]+?)\s*=\s*([^\]]*)\]$/.exec(trimmed);
    if (parameter !== null) {
      // The first bracket after cases begins a section; those that follow it add to it.
      if (!inSection) section = {};
      section[parameter[1] as string] = parameter[2] as string;
      inSection = true;
      continue;
    }
    inSection = false;
    const [name, value = ""] = trimmed.split("=", 2).map((part) => part.trim()) as [string, string?];
    if (name === first) {
      fields = {};
      cases.push({ section, fields });
    }
    fields[name] = value;
  }
  return cases;
}
