// What a cold start is: import, open the store, decrypt a blob that was there before. Plain JavaScript, so that nothing but that is timed.
const began = process.hrtime.bigint();
const { openKms } = await import("kmslite/node");
const [directory, blob] = process.argv.slice(2);
const { kms } = await openKms({ directory, create: false });
const { Plaintext } = await kms.decrypt({ CiphertextBlob: new Uint8Array(Buffer.from(blob, "base64")) });
const nanoseconds = Number(process.hrtime.bigint() - began);
if (Buffer.from(Plaintext).toString() !== "cold start") throw new Error("It decrypted to something else");
await kms.close();
console.log(JSON.stringify({ nanoseconds, peak: process.resourceUsage().maxRSS * 1024 }));
