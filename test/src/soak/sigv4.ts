/**
 * Valid requests, each changed in one bit of every byte and in bytes at random: `pnpm soak sigv4 --seed N --mutants 1000000`. Exits
 * with 1 at the first that is accepted.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import {
  accepted,
  mutants,
  presign,
  signInHeader,
  substituted,
  type Unsigned,
} from "../../../packages/wire/test-support/mutants.ts";
import { randomFrom } from "./random.ts";

const { values } = parseArgs({
  options: { seed: { type: "string" }, mutants: { type: "string", default: "1000000" } },
});
const seed = values.seed === undefined ? randomBytes(8).readBigUInt64LE() : BigInt(values.seed);
const wanted = Number(values.mutants);
console.log(`seed ${seed}`);
const { below } = randomFrom(seed, 0);

const TARGETS = ["Encrypt", "Decrypt", "Sign", "ListKeys", "GenerateDataKeyPairWithoutPlaintext"];
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

const word = (longest: number): string =>
  Array.from({ length: 1 + below(longest) }, () => LETTERS.charAt(below(LETTERS.length))).join("");

function unsigned(): Unsigned {
  const query = Array.from(
    { length: below(3) },
    () => `${word(4)}=${encodeURIComponent(`${word(4)}/é ${word(2)}`)}`,
  );
  const context = JSON.stringify({ [word(6)]: word(12) });
  return {
    method: "POST",
    path: below(2) === 0 ? "/" : `/${word(5)}/${word(5)}`,
    query: query.join("&"),
    headers: [
      ["Content-Type", "application/x-amz-json-1.1"],
      ["X-Amz-Target", `TrentService.${TARGETS[below(TARGETS.length)]}`],
      ["User-Agent", `${word(8)}/1.${below(90)}`],
    ],
    body: new TextEncoder().encode(`{"KeyId":"alias/${word(9)}","EncryptionContext":${context}}`),
  };
}

let tried = 0;
let requests = 0;
const refused = async (mutant: Parameters<typeof accepted>[0]): Promise<void> => {
  tried++;
  if (!(await accepted(mutant))) return;
  console.error(`accepted: ${JSON.stringify(mutant)}`);
  process.exit(1);
};
while (tried < wanted) {
  const sign = requests % 2 === 0 ? signInHeader : presign;
  const request = sign(unsigned());
  if (!(await accepted(request)))
    throw new Error(`The request itself was refused: ${JSON.stringify(request)}`);
  requests++;
  for (const mutant of mutants(request)) await refused(mutant);
  for (let count = 0; count < 1_000; count++) await refused(substituted(request, below));
}
console.log(`${tried} mutants of ${requests} signed requests (every other one presigned), none accepted`);
