/** The script of the page: measures in the browser that loaded it, when the driver says so. */
import { aimedRatios, portablePeers, runMatrix } from "../aead/matrix.ts";
import type { Progress, SuiteOptions, SuiteReport } from "../report.ts";

declare global {
  interface Window {
    /** Set by this page, called by the driver. */
    runAead?: (options: SuiteOptions) => Promise<SuiteReport>;
    /** Set by the driver, called by this page. */
    reportProgress?: Progress;
  }
}

window.runAead = async ({ quick }) => {
  const progress: Progress = (line) => {
    document.title = line;
    window.reportProgress?.(line);
  };
  const results = await runMatrix({ quick, progress, peers: await portablePeers() });
  return { name: "aead", results, ratios: aimedRatios(results) };
};
