/**
 * One key for everything: many callers, or encryption contexts that have nothing in common. Who may use it for one purpose may use it
 * for all, and it can be disabled, or given away, for none alone.
 */
import type { AuditEvent } from "../audit/event.ts";
import type { Finding } from "./finding.ts";

/** From so many on it is worth a warning. */
const CALLERS = 10;
const PURPOSES = 3;

/** Callers and context names that are remembered of a key; more make no difference. */
const REMEMBERED = 100;

interface Uses {
  readonly callers: Set<string>;
  /** Names of encryption contexts, by the purpose that they belong to: names that come together belong together. */
  purposes: readonly ReadonlySet<string>[];
}

const CONTEXTS = ["encryptionContext", "sourceEncryptionContext", "destinationEncryptionContext"] as const;

export class KeyUses {
  readonly #uses = new Map<string, Uses>();

  note(event: AuditEvent): void {
    if (event.errorCode !== undefined || event.eventType !== "AwsApiCall") return;
    const contexts = CONTEXTS.map((name) => event.requestParameters?.[name]).filter(isObject);
    const key = event.resources?.find(({ type }) => type === "AWS::KMS::Key")?.ARN;
    // Management is everybody's; what counts is who encrypts, decrypts, signs.
    if (key === undefined || !USE.test(event.eventName)) return;
    const uses = this.#uses.get(key) ?? { callers: new Set(), purposes: [] };
    this.#uses.set(key, uses);
    if (uses.callers.size < REMEMBERED) uses.callers.add(callerOf(event));
    for (const context of contexts) uses.purposes = withNames(uses.purposes, Object.keys(context));
  }

  findings(): Finding[] {
    return [...this.#uses].flatMap(([resource, { callers, purposes }]) => {
      const many = [
        ...(callers.size >= CALLERS ? [`${counted(callers.size)} callers`] : []),
        ...(purposes.length >= PURPOSES
          ? [`${counted(purposes.length)} kinds of encryption context that have no name in common`]
          : []),
      ];
      if (many.length === 0) return [];
      return [
        {
          id: "key-for-everything" as const,
          severity: "warning" as const,
          resource,
          meaning: `One key serves ${many.join(" and ")}: who may use it for one purpose may use it for all.`,
          mend: "Make a key for each purpose or team; ReEncrypt moves what is encrypted already.",
        },
      ];
    });
  }
}

const USE =
  /^(?:Decapsulate|Decrypt|DeriveSharedSecret|Encapsulate|Encrypt|GenerateDataKey|GenerateMac|ReEncrypt|Sign|Verify)/;

/** A role, whatever its sessions are called. */
function callerOf({ userIdentity }: AuditEvent): string {
  const issuer = userIdentity.sessionContext?.["sessionIssuer"];
  const role = isObject(issuer) ? (issuer["arn"] ?? issuer["userName"]) : undefined;
  return String(role ?? userIdentity.arn ?? userIdentity.invokedBy ?? userIdentity.type);
}

function withNames(
  purposes: readonly ReadonlySet<string>[],
  names: readonly string[],
): readonly ReadonlySet<string>[] {
  if (names.length === 0) return purposes;
  const related = purposes.filter((purpose) => names.some((name) => purpose.has(name)));
  if (related.length === 1 && names.every((name) => related[0]?.has(name) === true)) return purposes;
  if (related.length === 0 && purposes.length === REMEMBERED) return purposes;
  const joined = new Set([...related.flatMap((purpose) => [...purpose]), ...names]);
  return [...purposes.filter((purpose) => !related.includes(purpose)), joined];
}

function counted(size: number): string {
  return size >= REMEMBERED ? `${REMEMBERED} or more` : String(size);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
