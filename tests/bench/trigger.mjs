// From the click on "Start restore" to the moment at which the request is handed to the browser, and how much of that the browser takes to commit
// the record. The preflight comes after that.

import { withSimulator } from "./arm.mjs";

/** In the page: when the button is clicked and when a restore is asked for. */
function record() {
  const { fetch } = globalThis;
  // The first to hear of it: what lies between the finger and this is the browser's.
  addEventListener("click", () => (globalThis.clicked = performance.now()), true);
  globalThis.fetch = (asked, ...more) => {
    if (/\/restore\?/.test(asked.url ?? asked)) globalThis.left ??= performance.now();
    return fetch(asked, ...more);
  };
  // From the last thing that a transaction is given to the moment at which it says that it has committed.
  const { put } = IDBObjectStore.prototype;
  globalThis.committing = 0;
  IDBObjectStore.prototype.put = function (...given) {
    const request = put.apply(this, given);
    const from = performance.now();
    this.transaction.addEventListener("complete", () => {
      if (globalThis.left === undefined) globalThis.committing += performance.now() - from;
    });
    return request;
  };
}

/** @param {{runs: number, tell: (line: string) => void}} options */
export async function triggers({ runs, tell }) {
  return withSimulator(["--progress", "at-once"], async (connected, arm) => {
    const all = [];
    for (let run = 0; run < runs; run += 1) {
      await fetch(`${arm.origin}/_sim/reset`, { method: "POST" });
      const took = await connected(async (app, page) => {
        await app.openFirstVm();
        await app.openFirstPoint();
        await app.proposeDisks();
        await app.review();
        await page.evaluate(record);
        await app.start();
        return page.evaluate(() => ({ took: globalThis.left - globalThis.clicked, committing: globalThis.committing }));
      });
      all.push(took);
      tell(`trigger, run ${run + 1}: ${took.took.toFixed(1)} ms, of which the browser commits for ${took.committing.toFixed(1)} ms`);
    }
    return all;
  });
}
