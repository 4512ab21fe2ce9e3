/** AssumeRole: temporary credentials of a role. The directory decides. */
import type { StsAction } from "./exchange.ts";
import type { QueryParameters } from "./query.ts";
import { StsError } from "./sts-error.ts";

export const assumeRole: StsAction = async ({ service, caller, parameters }) => {
  if (parameters.list("PolicyArns").length > 0) {
    throw StsError.invalid(
      "PolicyArns: there are no managed policies here; give the policy itself as Policy",
    );
  }
  // No second factor is known here, so none can be right.
  if (parameters.optional("SerialNumber") !== undefined || parameters.optional("TokenCode") !== undefined) {
    throw new StsError(
      "AccessDenied",
      "MultiFactorAuthentication failed with invalid MFA one time pass code.",
    );
  }
  const directory = await service.directory();
  const session = await directory.assumeRole(caller, {
    RoleArn: parameters.required("RoleArn"),
    RoleSessionName: parameters.required("RoleSessionName"),
    DurationSeconds: parameters.integer("DurationSeconds"),
    ExternalId: parameters.optional("ExternalId"),
    Policy: parameters.optional("Policy"),
    Tags: parameters
      .list("Tags")
      .map((tag) => ({ Key: tag.get("Key") ?? "", Value: tag.get("Value") ?? "" })),
    TransitiveTagKeys: textsOf(parameters, "TransitiveTagKeys"),
    SourceIdentity: parameters.optional("SourceIdentity"),
  });
  return {
    AssumedRoleUser: { AssumedRoleId: session.assumedRoleId, Arn: session.arn },
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(session.expiresAt).toISOString().replace(".000Z", "Z"),
    },
    PackedPolicySize: session.packedPolicyPercent,
    SourceIdentity: session.sourceIdentity,
  };
};

function textsOf(parameters: QueryParameters, name: string): string[] {
  return parameters.list(name).map((member) => member.get("") ?? "");
}
