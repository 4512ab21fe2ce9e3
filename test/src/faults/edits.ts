/**
 * Random edits of a database file, as a broken disk or somebody with write access would make them.
 *
 * A KMS that was filled once is copied, one edit is made, and every question is asked again. Each answer must be the one
 * from before, or an error that says what is wrong. Edits of the write-ahead log may take the database back to a moment of its
 * own past, which nothing inside the database can tell; then all answers must be of one such moment.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Kms } from "kmslite";
import { openKms } from "kmslite/node";
import { type Random, seeded } from "./random.ts";

/** What all questions answered at one moment: text by the name of the question. */
type Answers = ReadonlyMap<string, string>;

/** A filled KMS, to be copied for each edit. */
export interface Original {
  readonly folder: string;
  /** The store's moments, from the one that the database file alone holds to the one with all of its log. */
  readonly moments: readonly Answers[];
  readonly questions: readonly Question[];
}

interface Question {
  readonly name: string;
  ask(kms: Kms): Promise<unknown>;
}

/** How an edit ended. */
export type Outcome = "harmless" | "refused" | "past";

const FILES = ["root.key", "kms.sqlite", "kms.sqlite-wal"];
const KEYS = 6;
/** Small pages of the log: a call more is a moment more. */
const CALLS_IN_LOG = 6;

/** Fills a KMS in a folder of its own. The caller removes the folder. */
export async function original(): Promise<Original> {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-edits-"));
  const working = join(folder, "working");
  const questions: Question[] = [];
  const first = await open(working);
  for (let key = 0; key < KEYS; key++) questions.push(...(await fill(first, key)));
  questions.push(
    { name: "ListKeys", ask: (kms) => kms.listKeys({}) },
    { name: "ListAliases", ask: (kms) => kms.listAliases({}) },
  );
  // Closing the last connection moves the log into the database file.
  await first.close();

  const second = await open(working);
  const moments = [await answersOf(second, questions)];
  for (let call = 0; call < CALLS_IN_LOG; call++) {
    await second.createAlias({
      AliasName: `alias/in-the-log-${call}`,
      TargetKeyId: `${await firstKey(second)}`,
    });
    moments.push(await answersOf(second, questions));
  }
  for (const name of FILES) copyFileSync(join(working, name), join(folder, name));
  await second.close();
  rmSync(working, { recursive: true });
  return { folder, moments, questions };
}

/** The first that can be given an alias: ids are random, and one of the keys is pending deletion. */
async function firstKey(kms: Kms): Promise<string> {
  for (const { KeyId } of (await kms.listKeys({})).Keys ?? []) {
    const { KeyMetadata } = await kms.describeKey({ KeyId });
    if (KeyMetadata?.KeyState === "Enabled") return KeyMetadata.KeyId ?? "";
  }
  throw new Error("no key is enabled");
}

async function fill(kms: Kms, number: number): Promise<Question[]> {
  const Tags = [{ TagKey: "number", TagValue: String(number) }];
  const KeyId = (await kms.createKey({ Description: `key ${number}`, Tags })).KeyMetadata?.KeyId ?? "";
  await kms.createAlias({ AliasName: `alias/key-${number}`, TargetKeyId: KeyId });
  const questions: Question[] = [
    { name: `DescribeKey ${number}`, ask: (open) => open.describeKey({ KeyId }) },
    {
      name: `DescribeKey alias/key-${number}`,
      ask: (open) => open.describeKey({ KeyId: `alias/key-${number}` }),
    },
    { name: `ListResourceTags ${number}`, ask: (open) => open.listResourceTags({ KeyId }) },
    { name: `GetKeyRotationStatus ${number}`, ask: (open) => open.getKeyRotationStatus({ KeyId }) },
    { name: `ListKeyRotations ${number}`, ask: (open) => open.listKeyRotations({ KeyId }) },
  ];
  for (let version = 0; version < 2; version++) {
    const Plaintext = new TextEncoder().encode(`plaintext ${number}.${version}`);
    const EncryptionContext = { version: String(version) };
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext, EncryptionContext });
    questions.push({
      name: `Decrypt ${number}.${version}`,
      ask: (open) => open.decrypt({ CiphertextBlob, EncryptionContext }),
    });
    await kms.rotateKeyOnDemand({ KeyId });
  }
  if (number === 1) await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
  if (number === 2) await kms.disableKey({ KeyId });
  if (number === 3) await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 30 });
  return questions;
}

async function open(directory: string): Promise<Kms> {
  return (await openKms({ directory })).kms;
}

async function answersOf(kms: Kms, questions: readonly Question[]): Promise<Answers> {
  const answers = new Map<string, string>();
  for (const { name, ask } of questions) {
    answers.set(name, await ask(kms).then(answerText, (error: Error) => `! ${error.name}: ${error.message}`));
  }
  return answers;
}

/** An answer without what differs from call to call. */
function answerText(answer: unknown): string {
  const { $metadata: _, ...rest } = answer as Record<string, unknown>;
  return JSON.stringify(rest, (_key, value) => (value instanceof Uint8Array ? [...value] : value));
}

/**
 * Makes one edit and asks everything.
 *
 * @throws {Error} that names the edit, if an answer is wrong or an error says nothing
 */
export async function tryEdit(source: Original, seed: number): Promise<{ edit: string; outcome: Outcome }> {
  const random = seeded(seed);
  const folder = mkdtempSync(join(source.folder, "copy-"));
  try {
    for (const name of FILES) copyFileSync(join(source.folder, name), join(folder, name));
    const { edit, inLog } = makeEdit(folder, random);
    try {
      return { edit, outcome: await judge(source, folder, inLog) };
    } catch (error) {
      throw new Error(`edit ${seed} (${edit}): ${String(error)}`, { cause: error });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function judge({ moments, questions }: Original, folder: string, inLog: boolean): Promise<Outcome> {
  let kms: Kms;
  try {
    kms = await open(folder);
  } catch (error) {
    assertClear(error);
    return "refused";
  }
  try {
    const answers = await answersOf(kms, questions);
    const last = moments.length - 1;
    const possible = inLog ? moments.map((_, index) => last - index) : [last];
    const verdicts = possible.map((moment) => compare(answers, moments[moment] ?? new Map()));
    const found = verdicts.findIndex(({ wrong }) => wrong === undefined);
    if (found < 0) throw new Error(verdicts[0]?.wrong);
    await stillWorks(kms);
    if (verdicts[found]?.refused === true) return "refused";
    return found === 0 ? "harmless" : "past";
  } finally {
    await kms.close();
  }
}

/** Whether answers are those of a moment, but for what was refused. */
function compare(answers: Answers, moment: Answers): { wrong?: string; refused: boolean } {
  let refused = false;
  for (const [name, answer] of answers) {
    if (answer === moment.get(name)) continue;
    if (!/^! KMSInternalException: ./.test(answer)) {
      return { wrong: `${name} answered ${answer} instead of ${moment.get(name)}`, refused };
    }
    refused = true;
  }
  return { refused };
}

/** A new key works, or is refused clearly. */
async function stillWorks(kms: Kms): Promise<void> {
  const Plaintext = new TextEncoder().encode("after the edit");
  try {
    const { KeyMetadata } = await kms.createKey({});
    const { CiphertextBlob } = await kms.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext });
    const decrypted = await kms.decrypt({ CiphertextBlob });
    if (!Buffer.from(decrypted.Plaintext ?? []).equals(Plaintext))
      throw new TypeError("a new key decrypts wrongly");
  } catch (error) {
    assertClear(error);
  }
}

const CLEAR = ["SetupError", "StoreError", "IntegrityError", "HierarchyError", "KMSInternalException"];

function assertClear(error: unknown): void {
  if (error instanceof Error && CLEAR.includes(error.name) && error.message.length > 10) return;
  throw error;
}

interface Edit {
  readonly edit: string;
  readonly inLog: boolean;
}

function makeEdit(folder: string, random: Random): Edit {
  // A third each: bytes of the database, bytes of its log, whole records.
  const kind = random.below(3);
  if (kind === 2) return { edit: editRecords(join(folder, "kms.sqlite"), random), inLog: false };
  const name = kind === 0 ? "kms.sqlite" : "kms.sqlite-wal";
  const path = join(folder, name);
  const { bytes, edit } = editBytes(readFileSync(path), random);
  writeFileSync(path, bytes);
  return { edit: `${name}: ${edit}`, inLog: kind === 1 };
}

function editBytes(file: Buffer, random: Random): { readonly bytes: Buffer; readonly edit: string } {
  const bytes = Buffer.from(file);
  const at = random.below(bytes.length);
  const length = 1 + random.below(64);
  const page = (): number => random.below(Math.floor(bytes.length / 4096)) * 4096;
  switch (random.below(8)) {
    case 0: {
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return { bytes, edit: `a bit of byte ${at}` };
    }
    case 1: {
      bytes.set(random.bytes(Math.min(length, bytes.length - at)), at);
      return { bytes, edit: `random bytes from ${at}` };
    }
    case 2: {
      bytes.fill(0, at, Math.min(at + length, bytes.length));
      return { bytes, edit: `zeroes from ${at}` };
    }
    case 3:
      return { bytes: bytes.subarray(0, at), edit: `cut off at ${at}` };
    case 4:
      return { bytes: Buffer.concat([bytes, random.bytes(length)]), edit: `${length} bytes more` };
    case 5: {
      const [one, other] = [page(), page()];
      const kept = Buffer.from(bytes.subarray(one, one + 4096));
      bytes.copy(bytes, one, other, other + 4096);
      kept.copy(bytes, other);
      return { bytes, edit: `pages at ${one} and ${other} exchanged` };
    }
    case 6: {
      const [to, from] = [page(), page()];
      bytes.copy(bytes, to, from, from + 4096);
      return { bytes, edit: `page at ${to} made that at ${from}` };
    }
    default: {
      const from = random.below(bytes.length);
      bytes.copy(bytes, at, from, from + length);
      return { bytes, edit: `${length} bytes from ${from} copied to ${at}` };
    }
  }
}

/** Edits records as whoever has the database's password can, the log taken in. */
function editRecords(path: string, random: Random): string {
  const database = new DatabaseSync(path);
  try {
    const rows = database.prepare("SELECT key, version, value FROM record ORDER BY key").all();
    const pick = (): { key: string; version: number; value: Uint8Array } =>
      rows[random.below(rows.length)] as { key: string; version: number; value: Uint8Array };
    const [one, other] = [pick(), pick()];
    const setValue = database.prepare("UPDATE record SET value = ? WHERE key = ?");
    const edited = Uint8Array.from(one.value);
    switch (random.below(6)) {
      case 0: {
        const at = random.below(edited.length);
        edited[at] = (edited[at] ?? 0) ^ (1 << random.below(8));
        setValue.run(edited, one.key);
        return `a bit of ${one.key}`;
      }
      case 1: {
        setValue.run(other.value, one.key);
        setValue.run(one.value, other.key);
        return `values of ${one.key} and ${other.key} exchanged`;
      }
      case 2: {
        database.prepare("DELETE FROM record WHERE key = ?").run(one.key);
        return `${one.key} deleted`;
      }
      case 3: {
        const key = `${one.key.slice(0, -1)}${random.pick(["!", "0", "z", "~"])}`;
        database
          .prepare("INSERT OR REPLACE INTO record (key, version, value) VALUES (?, ?, ?)")
          .run(key, one.version, one.value);
        return `${one.key} copied to ${key}`;
      }
      case 4: {
        database
          .prepare("UPDATE record SET version = version + ? WHERE key = ?")
          .run(random.pick([1, -1, 1000]), one.key);
        return `version of ${one.key}`;
      }
      default: {
        setValue.run(edited.subarray(0, random.below(edited.length)), one.key);
        return `${one.key} cut short`;
      }
    }
  } finally {
    database.close();
  }
}

/** The folder that everything of the original is in. */
export function discard({ folder }: Original): void {
  rmSync(folder, { recursive: true });
}
