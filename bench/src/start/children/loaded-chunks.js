// Runs a bundle for browsers over an IndexedDB in memory, and tells which of its chunks were loaded.
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import "fake-indexeddb/auto";

const [folder] = process.argv.slice(2);
const place = `${pathToFileURL(folder).href}/`;
const loaded = [];
registerHooks({
  load: (url, context, next) => {
    if (url.startsWith(place)) loaded.push(url.slice(place.length));
    return next(url, context);
  },
});
await import(`${place}user.js`);
if (globalThis.done?.Plaintext?.length !== 32) throw new Error("It did not decrypt what was encrypted");
console.log(JSON.stringify(loaded));
process.exit(0);
