/** The suite `aead`: AES-256-GCM, every engine and every peer, with what only Node.js has. */
import type { Suite } from "../report.ts";
import { aimedRatios, portablePeers, runMatrix } from "./matrix.ts";
import { measureModules } from "./modules.ts";
import { nodeCryptoPeer } from "./peers/node-crypto.ts";
import { opensslPeer } from "./peers/openssl.ts";

export const aeadSuite: Suite = {
  name: "aead",
  run: async (progress, { quick }) => {
    const peers = [...(await portablePeers()), nodeCryptoPeer];
    const results = await runMatrix({ quick, progress, peers, foreign: opensslPeer });
    progress("instantiate");
    const modules = await measureModules(quick ? 5 : 7);
    return {
      name: "aead",
      results: [...results, ...modules.results],
      ratios: [...aimedRatios(results), ...modules.ratios],
    };
  },
};
