/**
 * Comparison of signatures and session tokens.
 *
 * @returns whether two texts are equal, in time that depends on their lengths only: the place of the first
 *          difference would let a signature be guessed digit by digit
 */
export function equalTextConstantTime(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index++) {
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  }
  return difference === 0;
}
