/** The long runs: `pnpm soak [aead] …` and `pnpm soak postgres …`, each with options of its own. */
const [name, ...rest] = process.argv.slice(2).filter((argument) => argument !== "--");
if (name === "postgres") {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...rest);
  await import("./postgres/soak.ts");
} else {
  if (name === "aead") process.argv.splice(2, Number.POSITIVE_INFINITY, ...rest);
  await import("./aead.ts");
}
