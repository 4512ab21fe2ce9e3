/** A symmetric key, made by the KMS, that nothing rotates. */
import { isPrimary } from "../../related-keys.ts";
import type { KeyCheck } from "../check.ts";

export const noRotation: KeyCheck = {
  id: "no-rotation",
  severity: "warning",
  look: ({ key }) => {
    const rotates = key.keySpec === "SYMMETRIC_DEFAULT" && key.origin === "AWS_KMS" && isPrimary(key);
    if (!rotates || key.state !== "Enabled" || key.rotation !== undefined) return [];
    return [
      {
        meaning: "Automatic rotation is off: everything that is ever encrypted is under the same material.",
        mend: "Turn it on with EnableKeyRotation, or kmslite keys enable-rotation. Older ciphertext still decrypts.",
      },
    ];
  },
};
