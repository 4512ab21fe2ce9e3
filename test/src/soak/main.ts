/** The long runs: `pnpm soak [aead] …`, `pnpm soak postgres …`, `pnpm soak requests …` and `pnpm soak sigv4 …`, each with options of its own. */
const [name, ...rest] = process.argv.slice(2).filter((argument) => argument !== "--");
if (name === "postgres") {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...rest);
  await import("./postgres/soak.ts");
} else if (name === "requests") {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...rest);
  await import("./requests.ts");
} else if (name === "sigv4") {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...rest);
  await import("./sigv4.ts");
} else {
  if (name === "aead") process.argv.splice(2, Number.POSITIVE_INFINITY, ...rest);
  await import("./aead.ts");
}
