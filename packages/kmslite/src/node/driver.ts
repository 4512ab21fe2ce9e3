/** Packages that only some setups need: they are not installed along with KMSLite, and loaded when they are asked for. */
import { codeOf } from "./private-file.ts";
import { SetupError } from "./setup-error.ts";

/** A module in CommonJS does not find its native part, or that is another Node.js's. */
const UNBUILT: ReadonlySet<string> = new Set(["MODULE_NOT_FOUND", "ERR_DLOPEN_FAILED"]);

/** @throws {SetupError} `DriverMissing`, which says how to install it, or to build it */
export async function loadDriver<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const code = codeOf(error) ?? "";
    if (UNBUILT.has(code)) {
      throw new SetupError(
        "DriverMissing",
        `the package ${name} is installed, but its native part is not built for this Node.js: npm rebuild ${name}`,
        { cause: error },
      );
    }
    if (code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new SetupError(
      "DriverMissing",
      `this needs the package ${name}, which is not installed beside KMSLite: npm install ${name}`,
      { cause: error },
    );
  }
}
