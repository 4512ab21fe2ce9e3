/** `--request-quotas`: how many requests in a second a server lets through. */
import type { RequestQuotas } from "@kmslite/service";
import { CommandError, EXIT } from "./exit-codes.ts";
import { readNamedFile } from "./options.ts";

/** AWS's quotas, none, or those of a JSON file: an object of numbers above 0, by the names of the quotas. */
export async function requestQuotasOf(option: string): Promise<"aws" | "off" | RequestQuotas> {
  if (option === "aws" || option === "off") return option;
  const table = parsed(await readNamedFile(option));
  if (table === undefined) {
    throw new CommandError(
      EXIT.usage,
      `${option} is no table of quotas: expected a JSON object such as {"CreateKey": 5}, with numbers above 0`,
    );
  }
  return table;
}

function parsed(text: string): RequestQuotas | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const isRate = (rate: unknown) => typeof rate === "number" && rate > 0;
    return Object.values(value).every(isRate) ? (value as RequestQuotas) : undefined;
  } catch {
    return undefined;
  }
}
