/** An explanation for people to read. */
import type { ExplainedStatement, Explanation } from "./explain.ts";
import { describeMiss } from "./misses.ts";

/** Several lines, without one at the end. */
export function explanationText(explanation: Explanation): string {
  const { allowed, action, resource, caller, summary, statements, changes } = explanation;
  const on = resource === undefined ? "" : ` on ${resource}`;
  const mattered = statements.filter((statement) => statement.mattered);
  const others = statements.length - mattered.length;
  return [
    `${allowed ? "ALLOWED" : "DENIED"}: ${action}${on}`,
    `for ${caller}`,
    summary,
    ...(statements.length === 0 ? [] : ["", "Statements that mattered:"]),
    ...mattered.map(statementText),
    ...(statements.length > 0 && mattered.length === 0 ? ["  none"] : []),
    ...(others === 0 ? [] : [`  (${others} more: for others, or about something else)`]),
    ...(changes.length === 0 ? [] : ["", "To allow it:"]),
    ...changes.flatMap(({ options }, index) => changeText(options, `  ${index + 1}. `)),
  ].join("\n");
}

function statementText(statement: ExplainedStatement): string {
  const { policyName, place, sid, effect, missed } = statement;
  const name = sid === undefined ? place : `${place} "${sid}"`;
  const head = `  ${policyName}, ${name} (${effect})`;
  if (missed.length === 0) return `${head}: applies${REACHES[statement.reach ?? "session"]}`;
  return [`${head}: does not apply`, ...missed.map((miss) => `    ${describeMiss(miss)}`)].join("\n");
}

const REACHES = {
  session: "",
  role: ", by the role of the session",
  everyone: ", to everyone",
  account: ", to the caller's account",
} as const;

function changeText(options: readonly string[], bullet: string): string[] {
  const indent = " ".repeat(bullet.length);
  return options.map((option, index) => (index === 0 ? `${bullet}${option}` : `${indent}or ${option}`));
}
