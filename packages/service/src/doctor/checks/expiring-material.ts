/** Imported material that expires soon, or did: without it the key can't be used. */
import { DAY } from "../../schedule/due-work.ts";
import type { KeyCheck } from "../check.ts";

/** Days before it expires. */
const SOON = 30;

export const expiringMaterial: KeyCheck = {
  id: "expiring-material",
  severity: "warning",
  look: ({ key, now }) =>
    (key.imported ?? []).flatMap(({ keyMaterialId, validTo, present }) => {
      if (!present || validTo === undefined || validTo - now > SOON * DAY) return [];
      const at = new Date(validTo).toISOString();
      return [
        {
          meaning: `The imported material ${keyMaterialId} expires at ${at}; the key can't be used then.`,
          mend: "Import the same material again, with a later time or without one.",
        },
      ];
    }),
};
