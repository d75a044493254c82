// From nothing to the demo's list of virtual machines, by a slow computer on a slow line.

import { servePacked } from "./packed.mjs";
import { fresh } from "./pages.mjs";

/** How much slower the processor is made; the line: 1.6 Mbit/s down, 0.75 Mbit/s up, 150 ms there and back. */
const SLOWER = 4;
const LINE = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
/** How long the service worker gets to fetch what it keeps, in milliseconds. */
const QUIET = 4_000;

/**
 * In the page, before anything of it runs: starts the demo as soon as that can be clicked, and tells when things were there. `early`: by the link
 * that is there before the program; otherwise by the program's own button.
 */
function watch(early) {
  const told = {};
  const fetched = () => [performance.getEntriesByType("navigation"), performance.getEntriesByType("resource")].flat()
    .map(({ name, encodedBodySize, startTime, responseEnd }) => ({ file: new URL(name).pathname.slice(1) || "index.html", bytes: encodedBodySize, begun: startTime, ended: responseEnd }));
  const link = () => document.querySelector("#early:not([hidden]) a");
  const button = () => [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Start the demo");
  const shown = () => document.querySelector('table[aria-label="Protected virtual machines"] tbody tr');
  performance.setResourceTimingBufferSize(1_000);
  globalThis.started = (async () => {
    told.offered = await bench.until(link);
    if (early) {
      link().click();
    } else {
      told.interactive = await bench.until(button);
      told.before = fetched();
      button().click();
    }
    told.shown = await bench.until(shown);
    told.all = fetched();
    for (const { name, startTime } of performance.getEntriesByType("paint")) told[name] = startTime;
    return told;
  })();
}

/** One start. Without the service worker, which the browser's brakes do not slow down, unless `worker`. */
async function begin(site, { worker = false, early = false } = {}) {
  const serviceWorkers = worker ? "allow" : "block";
  return fresh(async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", LINE);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    await page.addInitScript(watch, early);
    const [before, at] = [site.wire(), site.sent.length];
    await page.goto(site.url, { waitUntil: "commit" });
    const told = await page.evaluate(() => globalThis.started);
    if (worker) await page.waitForTimeout(QUIET);
    return { told, wire: site.wire() - before, sent: site.sent.slice(at) };
  }, { serviceWorkers });
}

/**
 * Measures starts; beside them, once, what the service worker fetches in addition.
 * @param {{runs: number, tell: (line: string) => void}} options
 */
export async function starts({ runs, tell }) {
  tell("start: compressing the page");
  const site = await servePacked();
  try {
    const all = [];
    let last;
    for (let run = 0; run < runs; run += 1) {
      const early = await begin(site, { early: true });
      last = await begin(site);
      const { told, wire, sent } = last;
      all.push({
        firstPaint: told["first-paint"],
        firstContentfulPaint: told["first-contentful-paint"],
        offered: told.offered,
        interactive: told.interactive,
        shown: told.shown,
        shownEarly: early.told.shown,
        bytes: sent.reduce((sum, { bytes }) => sum + bytes, 0),
        wire,
      });
      tell(`start, run ${run + 1}: painted ${told["first-contentful-paint"].toFixed(0)} ms, link ${told.offered.toFixed(0)} ms, interactive ${told.interactive.toFixed(0)} ms, demo ${told.shown.toFixed(0)} ms, by the link ${early.told.shown.toFixed(0)} ms`);
    }
    const first = new Set(last.told.before.map(({ file }) => file));
    const once = last.told.all.filter(({ file }, nth, all) => all.findIndex((one) => one.file === file) === nth); // later ones are the cache's
    const files = once.map((file) => ({ ...file, beforeClick: first.has(file.file) }));
    const kept = await begin(site, { worker: true });
    return { runs: all, files, withWorker: { bytes: kept.sent.reduce((sum, { bytes }) => sum + bytes, 0), requests: kept.sent.length, wire: kept.wire } };
  } finally {
    await site.close();
  }
}
