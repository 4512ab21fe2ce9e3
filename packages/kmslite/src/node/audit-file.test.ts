/** Audit events as a file: whole lines, in order, and never too many in one file. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ephemeralRootKey } from "@kmslite/hierarchy";
import { memoryStore } from "@kmslite/store";
import { afterAll, expect, test } from "vitest";
import { createKms } from "../kms.ts";
import { auditFile } from "./audit-file.ts";

const folder = mkdtempSync(join(tmpdir(), "kmslite-audit-"));
afterAll(() => rmSync(folder, { recursive: true }));

const linesOf = (path: string) => readFileSync(path, "utf8").split("\n").slice(0, -1);

async function randoms(path: string, count: number, maximumBytes?: number): Promise<void> {
  const audit = auditFile({ path, ...(maximumBytes === undefined ? {} : { maximumBytes }) });
  const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore(), audit });
  await Promise.all(Array.from({ length: count }, () => kms.generateRandom({ NumberOfBytes: 8 })));
  await kms.close();
}

test("each call is a line, which only its owner may read, and a line that was cut short is ended", async () => {
  const path = join(folder, "audit.jsonl");
  await randoms(path, 20);
  appendFileSync(path, '{"eventName":"Gen');
  await randoms(path, 1);
  const lines = linesOf(path);
  expect(lines).toHaveLength(22);
  const events = lines.filter((_, index) => index !== 20).map((line) => JSON.parse(line) as object);
  for (const event of events) expect(event).toMatchObject({ eventName: "GenerateRandom" });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a file that has become large is renamed, and no event is lost", async () => {
  const path = join(folder, "rotated.jsonl");
  const audit = auditFile({ path, maximumBytes: 1000 });
  const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore(), audit });
  for (let count = 0; count < 10; count++) await kms.generateRandom({ NumberOfBytes: 8 });
  await kms.close();
  const files = readdirSync(folder).filter((name) => name.startsWith("rotated.jsonl"));
  expect(files.length).toBeGreaterThan(2);
  const ids = files.flatMap((name) => linesOf(join(folder, name))).map((line) => JSON.parse(line).eventID);
  expect(new Set(ids).size).toBe(10);
});

test("a file that can't be written fails the call", async () => {
  const kms = await createKms({
    root: ephemeralRootKey(),
    store: memoryStore(),
    audit: auditFile({ path: join(folder, "missing", "audit.jsonl") }),
  });
  await expect(kms.generateRandom({ NumberOfBytes: 8 })).rejects.toMatchObject({
    name: "KMSInternalException",
    message: "The audit log is not available",
  });
  await kms.close();
  expect(() => auditFile({ path: "x", maximumBytes: 0 })).toThrow(RangeError);
});
