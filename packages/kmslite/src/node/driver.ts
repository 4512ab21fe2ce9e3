/** Packages that only some setups need: they are not installed along with KMSLite, and loaded when they are asked for. */
import { codeOf } from "./private-file.ts";
import { SetupError } from "./setup-error.ts";

/** @throws {SetupError} `DriverMissing`, which says how to install it */
export async function loadDriver<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (codeOf(error) !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new SetupError(
      "DriverMissing",
      `this needs the package ${name}, which is not installed beside KMSLite: npm install ${name}`,
      { cause: error },
    );
  }
}
