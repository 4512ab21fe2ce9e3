/** The page docs/api-coverage.md. */
import { resolve } from "node:path";
import type { Coverage } from "./coverage.ts";

export const PAGE: string = resolve(import.meta.dirname, "../../../docs/api-coverage.md");

const HEAD = `# API coverage

Made by \`pnpm api-coverage\`, which runs every request, error case and edge through the official SDK; a test holds this page to
it. Operations and documented errors are those of \`@aws-sdk/client-kms\`, without the errors that stand for a fault of the
service. _Key states_: tried in every state of a key. _Another account's key_: refused with AccessDeniedException.
`;

export function pageOf(rows: readonly Coverage[]): string {
  const served = rows.filter((row) => row.served).length;
  const cells = rows.map((row) => [
    row.operation,
    row.served ? "yes" : "no",
    String(row.happy),
    `${row.provoked.length} of ${row.provoked.length + row.unprovoked.length}`,
    String(row.edges),
    row.states ? "yes" : "–",
    row.foreign === undefined ? "–" : row.foreign ? "yes" : "no",
  ]);
  const headings = [
    "operation",
    "served",
    "successful requests",
    "documented errors provoked",
    "edges of constraints",
    "key states",
    "another account's key",
  ];
  return `${HEAD}
${served} of ${rows.length} operations are served.

${table([headings, ...cells])}
## Documented errors that no request here provokes

Among them are errors that AWS's own key-state table rules out: KMSInvalidStateException where every state is allowed.

${rows.map(missingOf).join("")}`;
}

function missingOf({ operation, served, unprovoked }: Coverage): string {
  return served && unprovoked.length > 0 ? `- ${operation}: ${unprovoked.join(", ")}\n` : "";
}

/** Columns as wide as they need to be, as the formatter would have them. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`;
  const rule = line(widths.map((width) => "-".repeat(width)));
  return rows.map((row, index) => (index === 0 ? line(row) + rule : line(row))).join("");
}
