// The list of a tenant's machines: from the first row to the last, and from a key in its search to the painted rows.

import { withSimulator } from "./arm.mjs";
import { fresh } from "./pages.mjs";

const TEXT = "orders-web-0";
const PAUSE = 150;

/** In the page: from each key in the field with the focus to its picture. */
function record() {
  const keys = [];
  addEventListener("keydown", async ({ timeStamp }) => {
    // The program renders within the key, or in tasks that follow before the frame.
    await new Promise(requestAnimationFrame);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => keys.push(performance.now() - timeStamp);
    port2.postMessage(0);
  }, true);
  globalThis.typed = () => keys;
}

async function typed(page) {
  await page.evaluate(record);
  const from = await page.evaluate(() => performance.now());
  for (const key of [...TEXT, ...[...TEXT].map(() => "Backspace")]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(PAUSE);
  }
  return page.evaluate(async (from) => ({ keys: globalThis.typed(), longest: await globalThis.bench.longest(from, performance.now()) }), from);
}

/** @param {{runs: number, tell: (line: string) => void}} options */
export async function fleet({ runs, tell }) {
  return withSimulator(["--tenant", "large"], async (connected, _, site) => {
    const all = [];
    for (let run = 0; run < runs; run += 1) {
      const list = await connected(async (app, page) => {
        await app.machinesRead();
        const reading = await page.evaluate(() => globalThis.bench.longest(0, performance.now()));
        await app.search().focus();
        return { reading, ...(await typed(page)) };
      });
      const floor = await fresh(async (page) => {
        await page.goto(`${site.origin}/blank`);
        await page.evaluate(() => document.body.appendChild(document.createElement("input")).focus());
        return typed(page);
      });
      all.push({ list, floor });
      const sorted = (keys) => keys.toSorted((a, b) => a - b);
      const at = (keys, share) => sorted(keys)[Math.floor(keys.length * share)].toFixed(1);
      tell(`fleet, run ${run + 1}: longest task while reading ${list.reading.toFixed(0)} ms, while typing ${list.longest.toFixed(0)} ms; key to picture ${at(list.keys, 0.5)} ms, 95 %: ${at(list.keys, 0.95)} ms; bare page ${at(floor.keys, 0.5)}, ${at(floor.keys, 0.95)} ms`);
    }
    return { runs: all };
  });
}
