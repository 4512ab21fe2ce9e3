/** What the exit code of the command line says. */
export const EXIT = {
  ok: 0,
  /** The KMS refused: disabled key, wrong context, invalid ciphertext, … Or what was asked for is not well. */
  refused: 1,
  /** The command was not understood, or asks for what is not allowed. */
  usage: 2,
  /** Store, root key or access key file: missing, damaged, not going together, or readable by others. */
  store: 3,
  /** The server can't listen there. */
  listen: 4,
  /** A file or pipe that was named can't be read or written. */
  file: 5,
  /** An error of the program itself. */
  internal: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For `--help`. */
export const EXIT_CODES_HELP = `
Exit codes:
  0   done
  1   the KMS refused (disabled key, wrong encryption context, invalid ciphertext, …); doctor found something
  2   the command was not understood, or is not allowed like this
  3   store, root key or access key file: missing, damaged, not going together, or readable by others
  4   the server can't listen there
  5   a file that was named can't be read or written
  70  an error of kmslite itself`;

/** Ends the command with a message and an exit code. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Ends the command with an exit code, after it has said all that there is to say. */
export class CommandEnd extends Error {
  override readonly name = "CommandEnd";
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode) {
    super();
    this.exitCode = exitCode;
  }
}
