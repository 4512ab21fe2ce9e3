/** `kmslite doctor`: looks through the store of this machine for known mistakes. */
import type { Diagnosis, Finding } from "@kmslite/service";
import { Command } from "commander";
import { CommandEnd, EXIT } from "./exit-codes.ts";
import { type KmsCommandOptions, withKms, withKmsOptions } from "./options.ts";
import { print } from "./output.ts";

const HELP = `
Every key of every account and Region in the store is looked at; nothing is changed. The exit code is 1 if something was found.
Each finding has a check's id, by which --ignore leaves it out.

Examples:
  kmslite doctor
  kmslite doctor --ignore no-rotation --json`;

interface DoctorOptions extends KmsCommandOptions {
  readonly ignore?: readonly string[];
}

export function doctorCommand(): Command {
  return withKmsOptions(new Command("doctor"))
    .description("warn of known mistakes in key policies, grants, rotation, deletion and quotas")
    .option("--ignore <check>", "leave the findings of a check out; may be given more than once", collected)
    .addHelpText("after", HELP)
    .action(async ({ ignore = [], ...options }: DoctorOptions) => {
      const all = await withKms(options, (kms) => kms.diagnose());
      const findings = all.findings.filter(({ id }) => !ignore.includes(id));
      print(options.json, { ...all, findings }, textOf({ ...all, findings }));
      if (findings.length > 0) throw new CommandEnd(EXIT.refused);
    });
}

function collected(text: string, former: readonly string[] = []): readonly string[] {
  return [...former, text];
}

function textOf({ keys, findings }: Diagnosis): string {
  const looked = `Looked at ${keys} ${keys === 1 ? "key" : "keys"}`;
  if (findings.length === 0) return `${looked}: nothing found.`;
  return [...findings.map(findingText), `${looked}: ${findings.length} found.`].join("\n\n");
}

function findingText({ id, severity, resource, meaning, mend }: Finding): string {
  return `${severity}: ${id}\n  ${resource}\n  ${meaning}\n  ${mend}`;
}
