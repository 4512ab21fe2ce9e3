/** A key that will be deleted soon, and was in use until a short while ago: what is under it will be lost. */
import { DAY } from "../../schedule/due-work.ts";
import type { KeyCheck } from "../check.ts";

/** Days before the deletion was noticed in which a use counts as recent. */
const RECENT = 90;

export const pendingDeletionInUse: KeyCheck = {
  id: "pending-deletion-in-use",
  severity: "error",
  look: ({ key, lastUse, now }) => {
    const pending = key.state === "PendingDeletion" || key.state === "PendingReplicaDeletion";
    if (!pending || lastUse === undefined || now - lastUse.at > RECENT * DAY) return [];
    const when =
      key.deletionAt === undefined
        ? "once its replicas are gone"
        : `at ${new Date(key.deletionAt).toISOString()}`;
    return [
      {
        meaning:
          `The key will be deleted ${when}, and was last used at ${new Date(lastUse.at).toISOString()} for ` +
          `${lastUse.operation}. What is encrypted under it is lost then.`,
        mend: "Call the deletion off (CancelKeyDeletion, or kmslite keys cancel-deletion) until nothing needs the key.",
      },
    ];
  },
};
