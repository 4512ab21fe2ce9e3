/** Whether one way of using an engine does with a vector what the vector says. */
import { AuthenticationError } from "@kmslite/aead";
import { concatenate, sameBytes } from "../hex.ts";
import type { AeadCase } from "./case.ts";
import type { Way } from "./ways.ts";

/** Engines refuse shorter tags (SP 800-38D, Appendix C). */
const SHORTEST_TAG = 12;

/** What went wrong, or `undefined` if nothing did. */
export async function disagreement(way: Way, vector: AeadCase): Promise<string | undefined> {
  try {
    if (vector.iv.length === 0) return await lengthRefusal(way, vector);
    if (vector.tag.length < SHORTEST_TAG) return await truncatedTag(way, vector);
    return vector.valid ? await validMessage(way, vector) : await refusedMessage(way, vector);
  } catch (error) {
    return `${way.name} threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}

async function validMessage(way: Way, vector: AeadCase): Promise<string | undefined> {
  const { key, iv, aad, ciphertext, tag } = vector;
  const plaintext = vector.plaintext ?? new Uint8Array(0);
  const sealed = concatenate(ciphertext, tag);
  const options = { aad, tagLength: tag.length };
  if (!sameBytes(await way.seal(key, iv, plaintext, options), sealed))
    return `${way.name}: sealed differently`;
  if (!sameBytes(await way.open(key, iv, sealed, options), plaintext))
    return `${way.name}: opened differently`;
  return undefined;
}

async function refusedMessage(way: Way, vector: AeadCase): Promise<string | undefined> {
  const { key, iv, aad, ciphertext, tag } = vector;
  const sealed = concatenate(ciphertext, tag);
  const refusal = await thrownBy(() => way.open(key, iv, sealed, { aad, tagLength: tag.length }));
  return refusal instanceof AuthenticationError
    ? undefined
    : `${way.name}: opened a message with a wrong tag`;
}

/** Only vectors with an IV of no bytes have lengths that AES-GCM does not allow. */
async function lengthRefusal(way: Way, vector: AeadCase): Promise<string | undefined> {
  const { key, iv, aad, ciphertext, tag } = vector;
  const options = { aad, tagLength: tag.length };
  const text = vector.plaintext ?? ciphertext;
  const sealing = await thrownBy(() => way.seal(key, iv, text, options));
  if (!(sealing instanceof RangeError)) return `${way.name}: sealed under an IV of no bytes`;
  const opening = await thrownBy(() => way.open(key, iv, concatenate(ciphertext, tag), options));
  return opening instanceof RangeError ? undefined : `${way.name}: opened under an IV of no bytes`;
}

/**
 * A short tag is the beginning of the full one. AES-GCM encrypts as it decrypts, so that the plaintext of any ciphertext
 * is found by sealing it; the full tag then comes from sealing that plaintext.
 */
async function truncatedTag(way: Way, vector: AeadCase): Promise<string | undefined> {
  const { key, iv, aad, ciphertext, tag, valid } = vector;
  const options = { aad };
  const { length } = ciphertext;
  const plaintext = (await way.seal(key, iv, ciphertext, options)).subarray(0, length);
  const sealed = await way.seal(key, iv, plaintext, options);
  if (!sameBytes(sealed.subarray(0, length), ciphertext)) return `${way.name}: sealed differently`;
  if (!sameBytes(await way.open(key, iv, sealed, options), plaintext))
    return `${way.name}: opened differently`;
  if (vector.plaintext !== undefined && !sameBytes(plaintext, vector.plaintext)) {
    return `${way.name}: another plaintext`;
  }
  const fits = sameBytes(sealed.subarray(length, length + tag.length), tag);
  return fits === valid ? undefined : `${way.name}: the truncated tag ${fits ? "fits" : "does not fit"}`;
}

async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}
