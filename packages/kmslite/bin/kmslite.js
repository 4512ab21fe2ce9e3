#!/usr/bin/env node
// Committed, not built, so that a package manager can link it before the first build.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(
    `kmslite: the command line keeps its keys in SQLite, which needs Node.js 22.13 or newer; this is ${process.version}`,
  );
  process.exitCode = 3;
} else {
  const { main } = await import("../dist/cli/main.js");
  process.exitCode = await main(process.argv);
}
