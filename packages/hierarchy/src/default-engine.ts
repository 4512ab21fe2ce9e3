export { defaultSyncEngine as defaultEngine } from "@kmslite/aead";
