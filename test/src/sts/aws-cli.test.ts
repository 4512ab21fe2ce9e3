/** The AWS CLI asks who it is. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { AWS_CLI, hasAwsCli } from "../../clients/aws-cli.ts";
import { foreignEnvironment } from "../../clients/environment.ts";
import { HOME, start, userOf } from "./setting.ts";

test.skipIf(!hasAwsCli)(
  `aws sts get-caller-identity${hasAwsCli ? "" : " (skipped: awscli is not installed)"}`,
  async () => {
    const setting = await start();
    try {
      const user = await userOf(setting, HOME, "alice");
      const env = foreignEnvironment({ url: setting.url, region: "us-east-1", ...user });
      const args = ["sts", "get-caller-identity", "--endpoint-url", setting.url, "--output", "json"];
      const { stdout } = await promisify(execFile)(AWS_CLI, args, { env });
      expect(JSON.parse(stdout)).toMatchObject({ Account: HOME, Arn: `arn:aws:iam::${HOME}:user/alice` });
    } finally {
      await setting.stop();
    }
  },
);
