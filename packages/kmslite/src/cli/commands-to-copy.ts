/** The commands that a server prints at its start, ready to be copied to another terminal. */
import type { Credentials } from "../node/access-key-file.ts";

export interface CommandToCopy {
  readonly title: string;
  readonly command: string;
}

/** Each makes one call with a client that is not ours. */
export function commandsToCopy(
  endpoint: string,
  region: string,
  { accessKeyId, secretAccessKey }: Credentials,
): readonly CommandToCopy[] {
  const environment = `AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`;
  return [
    {
      title: "With the AWS CLI",
      command: `${environment} aws kms create-key --region ${region} --endpoint-url ${endpoint}`,
    },
    {
      title: "With the AWS SDK, in a folder where @aws-sdk/client-kms is installed",
      command:
        `${environment} node --input-type=module -e 'import { KMS } from "@aws-sdk/client-kms"; ` +
        `console.log(await new KMS({ region: "${region}", endpoint: "${endpoint}" }).createKey({}))'`,
    },
    {
      title: "With curl",
      command:
        `curl -sS ${endpoint} --aws-sigv4 aws:amz:${region}:kms --user ${accessKeyId}:${secretAccessKey} ` +
        `-H 'Content-Type: application/x-amz-json-1.1' -H 'X-Amz-Target: TrentService.ListKeys' -d '{}'`,
    },
  ];
}
