/** A document is no policy: why, and where. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
  /** Such as `Statement[1].Condition.StringEquals`. */
  readonly place: string;
  /** Whether the message is a sentence of AWS's own, which the place follows in parentheses. */
  readonly worded: boolean;

  /** @param what follows the place, such as "must be a string"; or a sentence, if it is AWS's own */
  constructor(place: string, what: string, worded = false) {
    super(worded ? `${what} (${place})` : `${place} ${what}`);
    this.place = place;
    this.worded = worded;
  }
}
