/** What clients of other languages find in their environment. */
import { existsSync, mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Endpoint } from "./client.ts";

/** The API model at hand; Debian's clients bring one that is years older. */
const MODEL = resolve(import.meta.dirname, "../../../shared/vectors/kms/service-2.json");

/** Whether clients of other languages can be taught the newer operations. */
export const hasModel: boolean = existsSync(MODEL);

let dataPath: string | undefined;

/** A folder in the form in which botocore looks for API models. */
function modelFolder(): string {
  if (dataPath === undefined) {
    dataPath = mkdtempSync(join(tmpdir(), "kmslite-models-"));
    const folder = join(dataPath, "kms", "2014-11-01");
    mkdirSync(folder, { recursive: true });
    symlinkSync(MODEL, join(folder, "service-2.json"));
  }
  return dataPath;
}

/** No configuration of the user's, no metadata service, no proxy: the endpoint and its access key alone. */
export function foreignEnvironment(endpoint: Endpoint): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: "/nonexistent",
    LANG: "C.UTF-8",
    AWS_ACCESS_KEY_ID: endpoint.accessKeyId,
    AWS_SECRET_ACCESS_KEY: endpoint.secretAccessKey,
    AWS_DEFAULT_REGION: endpoint.region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_MAX_ATTEMPTS: "1",
    AWS_PAGER: "",
    ...(hasModel ? { AWS_DATA_PATH: modelFolder() } : {}),
  };
}
