/** Our own engines, from the fastest to the slowest, as far as this runtime has them. */
import { type SyncEngine, typescriptEngine } from "@kmslite/aead";
import { type AeadPeer, messageAt, readBytes } from "../peer.ts";

export function kmslitePeers(): readonly AeadPeer[] {
  return [enginePeer(typescriptEngine())];
}

function enginePeer(engine: SyncEngine): AeadPeer {
  return {
    engine: engine.name,
    prepare: ({ direction }, messages) => ({
      run:
        direction === "seal"
          ? (i) => {
              const { key, iv, plaintext } = messageAt(messages, i);
              return engine.seal(key, iv, plaintext);
            }
          : (i) => {
              const { key, iv, sealed } = messageAt(messages, i);
              return engine.open(key, iv, sealed);
            },
      read: readBytes,
    }),
  };
}
