/** Runs the command line: from arguments to an exit code. */
import { HierarchyError } from "@kmslite/hierarchy";
import { KmsError } from "@kmslite/service";
import { IamError } from "@kmslite/service/iam";
import { StoreError } from "@kmslite/store";
import { IntegrityError } from "@kmslite/store/authenticated";
import { CommanderError } from "commander";
import { SetupError } from "../node/setup-error.ts";
import { CommandEnd, CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { program } from "./program.ts";

/**
 * @param argv as in `process.argv`
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  endQuietlyWhenNobodyReads();
  try {
    await program().parseAsync(argv);
    return EXIT.ok;
  } catch (error) {
    // Commander has printed its message or the help already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof CommandEnd) return error.exitCode;
    const { exitCode, message, code } = describe(error);
    const json = argv.includes("--json");
    process.stderr.write(json ? `${JSON.stringify({ error: code, message })}\n` : `kmslite: ${message}\n`);
    return exitCode;
  }
}

function describe(error: unknown): {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
} {
  if (error instanceof CommandError) {
    return { exitCode: error.exitCode, code: "CommandError", message: error.message };
  }
  if (error instanceof KmsError) {
    // What the service could not do because of its store is no refusal.
    const exitCode = storeIsToBlame(error.cause) ? EXIT.store : EXIT.refused;
    const message = error.message === "" ? error.name : `${error.name}: ${error.message}`;
    return { exitCode, code: error.name, message };
  }
  if (error instanceof IamError)
    return { exitCode: EXIT.refused, code: error.name, message: `${error.name}: ${error.message}` };
  if (error instanceof SetupError) return { exitCode: EXIT.store, code: error.code, message: error.message };
  if (storeIsToBlame(error)) return { exitCode: EXIT.store, code: error.name, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: EXIT.internal, code: "InternalError", message: `internal error: ${message}` };
}

function storeIsToBlame(error: unknown): error is Error {
  return error instanceof StoreError || error instanceof IntegrityError || error instanceof HierarchyError;
}

/** `kmslite keys list | head -1`: the reader has what it wanted. A server whose log nobody reads goes on. */
function endQuietlyWhenNobodyReads(): void {
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(EXIT.ok);
  });
}
