// The peer: importing the official client, and nothing else.
const began = process.hrtime.bigint();
const { KMSClient } = await import("@aws-sdk/client-kms");
const nanoseconds = Number(process.hrtime.bigint() - began);
if (typeof KMSClient !== "function") throw new Error("It is not there");
console.log(JSON.stringify({ nanoseconds, peak: process.resourceUsage().maxRSS * 1024 }));
