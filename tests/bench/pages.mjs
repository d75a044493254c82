// Pages to measure in: each in a browser of its own, so that nothing is left of whoever came before.

import { chromium } from "@playwright/test";
import { launchOptions } from "../e2e/support/browser.mjs";

/**
 * Opens a page, hands it to `use(page, browser)` and closes the browser.
 * @param {(page: import("@playwright/test").Page, browser: import("@playwright/test").Browser) => Promise<T>} use
 * @param {import("@playwright/test").BrowserContextOptions} [options]
 * @returns {Promise<T>}
 * @template T
 */
export async function fresh(use, options = {}) {
  const browser = await chromium.launch(launchOptions);
  try {
    const page = await (await browser.newContext(options)).newPage();
    await page.addInitScript(instruments);
    return await use(page, browser);
  } finally {
    await browser.close();
  }
}

/** In the page, before anything of it runs: `globalThis.bench`. */
function instruments() {
  const PATIENCE = 180_000;
  /** The browser tells of a long task some time after its end. */
  const TOLD = 300;
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: "longtask", buffered: true });
  const memories = [];
  for (const way of ["instantiate", "instantiateStreaming"]) {
    const made = WebAssembly[way];
    WebAssembly[way] = async (...asked) => {
      const answer = await made.apply(WebAssembly, asked);
      memories.push((answer.instance ?? answer).exports.memory);
      return answer;
    };
  }
  /** Called while a frame is made: the moment at which it has been painted. A message comes after it, a promise would not. */
  const made = () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(0);
  });
  globalThis.bench = {
    /** How large the memories of WebAssembly are, in bytes. */
    wasm: () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0),
    /** When the first frame has been painted in which `there()` holds. */
    async until(there) {
      const end = performance.now() + PATIENCE;
      do {
        await new Promise(requestAnimationFrame);
        if (performance.now() > end) throw new Error(`Never came: ${there}`);
      } while (!there());
      return made();
    },
    /** The longest task between two moments, 0 when none took 50 ms, which is where browsers begin to tell. */
    async longest(from, to) {
      await new Promise((told) => setTimeout(told, TOLD));
      const within = tasks.filter(({ startTime, duration }) => startTime + duration > from && startTime < to);
      return Math.max(0, ...within.map(({ duration }) => duration));
    },
  };
}
