/** A document is no policy: why, and where. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
  /** Such as `Statement[1].Condition.StringEquals`; empty for the document as a whole. */
  readonly place: string;

  constructor(place: string, message: string) {
    super(place === "" ? message : `${place}: ${message}`);
    this.place = place;
  }
}
