/** The long runs: `pnpm soak [aead] …`, `pnpm soak postgres …` and `pnpm soak requests …`, each with options of its own. */
const [name, ...rest] = process.argv.slice(2).filter((argument) => argument !== "--");
if (name === "postgres") {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...rest);
  await import("./postgres/soak.ts");
} else if (name === "requests") {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...rest);
  await import("./requests.ts");
} else {
  if (name === "aead") process.argv.splice(2, Number.POSITIVE_INFINITY, ...rest);
  await import("./aead.ts");
}
