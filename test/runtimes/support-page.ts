/** `docs/support.md`: what ran where, in the runtimes' own words. */
import type { Showing } from "./all.ts";
import type { Outcome } from "./behaviours/platform.ts";

const ENGINES = {
  TypeScript: "engine typescript",
  "WASM, scalar": "engine wasm-scalar",
  "WASM, SIMD": "engine wasm-simd",
  "WASM, relaxed SIMD": "engine wasm-relaxed-simd",
};
const SERVICE = {
  "every operation": "every operation",
  "rotation, old blobs": "rotation with old blobs",
  "official SDK inside": "official SDK in the process",
  "answer for an enclave": "answer for an enclave",
  "passphrase as root key": "root key from a passphrase",
};
/** Of blobs, a store, and what is told in tables of its own. */
const TABLED = /^(engine|blobs of|store|kept in|found in|one shares|two shares) | (shared|killed): /;

export function supportPage(all: readonly Showing[]): string {
  const ran = all.filter(({ version }) => version !== undefined);
  const missing = all.filter(({ version }) => version === undefined).map(({ name }) => name);
  const named = new Set([...Object.values(ENGINES), ...Object.values(SERVICE)]);
  const others = ran.flatMap(({ name, outcomes }) =>
    outcomes
      .filter((outcome) => !TABLED.test(outcome.name) && !named.has(outcome.name))
      .map((outcome) => [name, outcome.name, cell(outcome)]),
  );
  return `# What runs where

Written by \`pnpm runtimes\`, which runs one suite, \`test/runtimes\`, in every runtime that is installed. "not there": the runtime has no
such instructions or forbids them, and another engine takes over; or it lacks the memory.
${missing.length === 0 ? "" : `\nNot installed where this was written, and skipped: ${missing.join(", ")}.\n`}
## Engines

Each against the runtime's own Web Crypto: one message, chunks, and flipped bits.

${table(
  ["runtime", "version", ...Object.keys(ENGINES)],
  ran.map((showing) => [showing.name, versionOf(showing), ...cells(showing, Object.values(ENGINES))]),
)}

## The service

${table(
  ["runtime", ...Object.keys(SERVICE), "opens blobs and stores of"],
  ran.map((showing) => [showing.name, ...cells(showing, Object.values(SERVICE)), foreign(showing)]),
)}

## Stores

The store's conformance suite; keys, aliases and blobs found by another instance after the first one ended; two instances (processes, tabs,
functions) that rotate and tag one key at once without a lost update; instances killed while they wrote: all or nothing of every commit, and
all that was acknowledged.

${table(["runtime", "store", "conformance", "kept", "shared", "killed"], ran.flatMap(storesOf))}

## Besides

${table(["runtime", "what", "shown"], others)}
`;
}

function cells({ outcomes }: Showing, names: readonly string[]): string[] {
  return names.map((name) => cell(outcomes.find((outcome) => outcome.name === name)));
}

function storesOf({ name, outcomes }: Showing): string[][] {
  const stores = outcomes.flatMap((outcome) => /^store (.+)$/.exec(outcome.name)?.[1] ?? []);
  return stores.map((store) => [
    name,
    store,
    ...[`store ${store}`, `found in ${store}`, `${store} shared`, `${store} killed`].map((start) => {
      const found = outcomes.find((outcome) => outcome.name.startsWith(start));
      const inNewPage = found?.name.endsWith("in a new page") === true ? ", in a new page" : "";
      return cell(found) + inNewPage;
    }),
  ]);
}

function foreign({ outcomes }: Showing): string {
  const opened = outcomes.filter((outcome) => outcome.name.startsWith("blobs of "));
  return `${opened.filter(({ result }) => result === "passed").length} of ${opened.length}`;
}

function cell(outcome: Outcome | undefined): string {
  if (outcome === undefined) return "–";
  if (outcome.result === "passed") return outcome.detail ?? "yes";
  return outcome.result === "failed" ? "FAILED" : "not there";
}

function versionOf({ version = "" }: Showing): string {
  return version.replace(/^.*\//, "");
}

/** Columns of even width, as the formatter wants them. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, at) =>
    Math.max(3, ...[header, ...rows].map((row) => [...(row[at] ?? "")].length)),
  );
  const line = (row: readonly string[], fill: string) =>
    `| ${row.map((text, at) => text.padEnd(widths[at] ?? 0, fill)).join(" | ")} |`;
  return [
    line(header, " "),
    line(
      header.map(() => ""),
      "-",
    ),
    ...rows.map((row) => line(row, " ")),
  ].join("\n");
}
