/** Errors as CloudTrail gives them (AWS CloudTrail API Reference, LookupEvents, and "Common Errors"). */

const STATUS = {
  AccessDeniedException: 400,
  InternalFailure: 500,
  InvalidLookupAttributesException: 400,
  InvalidMaxResultsException: 400,
  InvalidNextTokenException: 400,
  InvalidTimeRangeException: 400,
  SerializationException: 400,
  UnknownOperationException: 400,
  UnsupportedOperationException: 400,
} as const;

export type CloudTrailErrorName = keyof typeof STATUS;

export class CloudTrailError extends Error {
  override readonly name: CloudTrailErrorName;

  constructor(name: CloudTrailErrorName, message: string) {
    super(message);
    this.name = name;
  }

  get httpStatus(): number {
    return STATUS[this.name];
  }
}
