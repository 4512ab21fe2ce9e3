// pnpm api-coverage: writes docs/api-coverage.md.
import { writeFileSync } from "node:fs";
import { measureCoverage } from "./coverage.ts";
import { PAGE, pageOf } from "./table.ts";

const rows = await measureCoverage();
writeFileSync(PAGE, pageOf(rows));
console.log(`${PAGE}: ${rows.filter((row) => row.served).length} of ${rows.length} operations are served`);
