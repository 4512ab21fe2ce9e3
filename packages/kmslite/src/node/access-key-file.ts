/** The access key that a server on this machine accepts: made at first start, kept in the data folder. */
import { createPrivateFile, readPrivateFile } from "./private-file.ts";
import { SetupError } from "./setup-error.ts";

/** What a client signs with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Reads the access key, and makes a random one first if there is none. */
export async function accessKeyOf(path: string): Promise<Credentials> {
  const text = (await readPrivateFile(path)) ?? (await madeFile(path));
  const credentials = parse(text);
  if (credentials === undefined) {
    throw new SetupError(
      "MalformedFile",
      `${path} holds no accessKeyId and secretAccessKey; remove it to get new ones`,
    );
  }
  return credentials;
}

/** Of two processes that make it at once, both use what the quicker one wrote. */
async function madeFile(path: string): Promise<string> {
  const credentials: Credentials = {
    accessKeyId: `KMSLITE${randomHex(6).toUpperCase()}`,
    // 160 bits, in digits and letters only, so that it survives shells and URLs.
    secretAccessKey: randomHex(20),
  };
  await createPrivateFile(path, `${JSON.stringify(credentials, null, 2)}\n`);
  return (await readPrivateFile(path)) ?? "";
}

function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
}

function parse(text: string): Credentials | undefined {
  try {
    const value = JSON.parse(text) as Partial<Credentials> | null;
    const { accessKeyId, secretAccessKey } = value ?? {};
    if (typeof accessKeyId !== "string" || accessKeyId === "") return undefined;
    if (typeof secretAccessKey !== "string" || secretAccessKey === "") return undefined;
    return { accessKeyId, secretAccessKey };
  } catch {
    return undefined;
  }
}
