// A diary that is encrypted before it is kept. Its keys never leave the browser: the root key can be used by this origin's scripts,
// and read by nobody.
import { browserRootKey, createKms, indexedDbStore } from "kmslite/browser";

const EncryptionContext = { application: "diary" };
const kms = await createKms({ root: await browserRootKey(), store: await indexedDbStore() });
const KeyId = localStorage.getItem("diary-key") ?? (await newKey());

document.querySelector("#entry").addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = document.querySelector("#text");
  const Plaintext = new TextEncoder().encode(input.value);
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext, EncryptionContext });
  localStorage.setItem("diary", JSON.stringify([...kept(), toBase64(CiphertextBlob)]));
  input.value = "";
  await show();
});
await show();
document.querySelector("button").disabled = false;

async function newKey() {
  const { KeyMetadata } = await kms.createKey({ Description: "diary" });
  await kms.enableKeyRotation({ KeyId: KeyMetadata.KeyId });
  localStorage.setItem("diary-key", KeyMetadata.KeyId);
  return KeyMetadata.KeyId;
}

async function show() {
  const items = await Promise.all(
    kept().map(async (sealed) => {
      const { Plaintext } = await kms.decrypt({ CiphertextBlob: fromBase64(sealed), EncryptionContext });
      const item = document.createElement("li");
      item.textContent = new TextDecoder().decode(Plaintext);
      return item;
    }),
  );
  document.querySelector("#entries").replaceChildren(...items);
}

function kept() {
  return JSON.parse(localStorage.getItem("diary") ?? "[]");
}

function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
