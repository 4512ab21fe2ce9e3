/** Requests that name a key by the ARN of another Region: each is refused, since keys stay in their Region. */
import { parseArn } from "../arn.ts";
import type { AuditEvent } from "../audit/event.ts";
import type { Finding } from "./finding.ts";

interface Astray {
  readonly arn: string;
  readonly region: string;
  /** The newest. */
  readonly last: AuditEvent;
  count: number;
}

/** Different ARNs that are told of; a client may make up any number of them. */
const TOLD = 100;

const KEY_MEMBERS = ["keyId", "sourceKeyId", "destinationKeyId", "targetKeyId"] as const;

export class OtherRegions {
  readonly #astray = new Map<string, Astray>();

  /** Takes events from the newest to the oldest. */
  note(event: AuditEvent): void {
    for (const member of KEY_MEMBERS) {
      const arn = event.requestParameters?.[member];
      const region = typeof arn === "string" ? parseArn(arn)?.region : undefined;
      if (region === undefined || region === event.awsRegion || event.errorCode === undefined) continue;
      const place = `${event.awsRegion} ${String(arn)}`;
      const known = this.#astray.get(place);
      if (known !== undefined) known.count++;
      else if (this.#astray.size < TOLD)
        this.#astray.set(place, { arn: String(arn), region, last: event, count: 1 });
    }
  }

  findings(): Finding[] {
    return [...this.#astray.values()].map(({ arn, region, last, count }) => ({
      id: "request-other-region",
      severity: "warning",
      resource: arn,
      meaning:
        `${count} ${count === 1 ? "request" : "requests"} to ${last.awsRegion} named this key, which is of ${region}: the last, ` +
        `${last.eventName}, at ${last.eventTime} by ${last.userIdentity.arn ?? last.userIdentity.invokedBy ?? "somebody"}.`,
      mend: `Have the client call ${region}, or make the key a multi-Region key and name its replica in ${last.awsRegion}.`,
    }));
  }
}
