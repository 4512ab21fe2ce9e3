/** An explanation of permissions for people to read. */
import { explanationText } from "@kmslite/policy";
import type { ExplainedPermission } from "./explain-access.ts";
import type { ExplainedGrant } from "./grants.ts";

/** Several lines, without one at the end. */
export function accessText(permissions: readonly ExplainedPermission[]): string {
  return permissions.map(permissionText).join("\n\n");
}

function permissionText(permission: ExplainedPermission): string {
  const { grants } = permission;
  if (grants.length === 0) return explanationText(permission);
  return `${explanationText(permission)}\n\nGrants:\n${grants.map(grantText).join("\n")}`;
}

function grantText({ grantId, name, grantee, operations, allows, missed }: ExplainedGrant): string {
  const called = name === undefined ? grantId : `${grantId} (${name})`;
  return `  ${called} to ${grantee}, ${operations.join(" ")}: ${allows ? "allows it" : `does not allow it, ${missed}`}`;
}
