/**
 * Requests of AWS's Query protocol: `Action`, `Version` and parameters, as a form or as a query string. Lists are flattened:
 * `Tags.member.1.Key`.
 */
import { StsError } from "./sts-error.ts";

/** The one version of the API. */
const VERSION = "2011-06-15";
const FORM = "application/x-www-form-urlencoded";

/** The parameters of a request. */
export class QueryParameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  optional(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** @throws {StsError} ValidationError */
  required(name: string): string {
    const value = this.#values.get(name);
    if (value !== undefined && value !== "") return value;
    throw StsError.invalid(`Value null at '${name}' failed to satisfy constraint: Member must not be null`);
  }

  /** @throws {StsError} ValidationError if it is no whole number */
  integer(name: string): number | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    if (!/^-?[0-9]{1,9}$/.test(value)) {
      throw StsError.invalid(`Value '${value.slice(0, 64)}' at '${name}' is not a whole number`);
    }
    return Number(value);
  }

  /** The members of a list, each by the names behind its number; the empty name is a member that is a text itself. */
  list(name: string): readonly ReadonlyMap<string, string>[] {
    const members = new Map<number, Map<string, string>>();
    const prefix = `${name}.member.`;
    for (const [key, value] of this.#values) {
      if (!key.startsWith(prefix)) continue;
      const [, number, member = ""] = /^([1-9][0-9]{0,3})(?:\.(.+))?$/.exec(key.slice(prefix.length)) ?? [];
      if (number === undefined) throw StsError.invalid(`'${name}' is not a list of members`);
      const entry = members.get(Number(number)) ?? new Map<string, string>();
      members.set(Number(number), entry.set(member, value));
    }
    return [...members].sort(([left], [right]) => left - right).map(([, member]) => member);
  }
}

/**
 * The action of a request and its parameters.
 *
 * @throws {StsError} MissingAction, InvalidAction, MalformedQueryString
 */
export function readQuery(
  {
    method,
    headers,
    search,
  }: { readonly method: string; readonly headers: Headers; readonly search: string },
  body: Uint8Array,
): { readonly action: string; readonly parameters: QueryParameters } {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(textOf(method, headers, search, body))) {
    // Two values of one name leave open which one was meant.
    if (values.has(name))
      throw new StsError("MalformedQueryString", `The parameter ${name.slice(0, 64)} is given twice`);
    values.set(name, value);
  }
  const action = values.get("Action");
  if (action === undefined || action === "") {
    throw new StsError("MissingAction", "The request is missing an action or a required parameter");
  }
  const version = values.get("Version") ?? "";
  if (version !== VERSION) throw unknownAction(action, version);
  return { action, parameters: new QueryParameters(values) };
}

export function unknownAction(action: string, version: string = VERSION): StsError {
  const named = [action, version].map((text) => (/^[\w-]{0,64}$/.test(text) ? text : "?"));
  return new StsError("InvalidAction", `Could not find operation ${named[0]} for version ${named[1]}`);
}

function textOf(method: string, headers: Headers, search: string, body: Uint8Array): string {
  if (method === "GET" && body.length === 0) return search.slice(1);
  const [contentType = ""] = (headers.get("content-type") ?? "").split(";");
  if (method !== "POST" || contentType.trim().toLowerCase() !== FORM) return search.slice(1);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new StsError("MalformedQueryString", "The body is not a form in UTF-8");
  }
}
