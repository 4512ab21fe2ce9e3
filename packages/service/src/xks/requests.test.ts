/** The worked example of the XKS Proxy API specification, Appendix C. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hexToBytes } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { ciphertextDataIntegrityValue } from "./requests.ts";

const EXAMPLE = fileURLToPath(
  new URL("../../../../../shared/vectors/xks/cdiv-example.json", import.meta.url),
);

test.skipIf(!existsSync(EXAMPLE))("the ciphertext data integrity value is that of the specification", () => {
  const { cdiv } = JSON.parse(readFileSync(EXAMPLE, "utf8")) as { cdiv: Record<string, string> };
  const bytes = (name: string) => hexToBytes(cdiv[name] ?? "");
  const value = ciphertextDataIntegrityValue(bytes("aadHex"), {
    metadata: bytes("ciphertextMetadataHex"),
    iv: bytes("ivHex"),
    ciphertext: bytes("ciphertextHex"),
    tag: bytes("tagHex"),
  });
  expect(value).toEqual(bytes("sha256Hex"));
});
