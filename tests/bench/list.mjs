// A long list of recovery points: until decoded, and until drawn and responding; beside it the SDK and the least that any page could do.

import { configFor } from "../e2e/support/config.mjs";
import { App } from "../e2e/support/app.mjs";
import { start } from "../e2e/support/program.mjs";
import { serve } from "../e2e/support/site.mjs";
import { accessToken } from "../e2e/support/token.mjs";
import { watchMemory } from "./memory.mjs";
import { fresh } from "./pages.mjs";
import { partsOf, sdkScript } from "./peer.mjs";
import { itemId, sizes } from "./places.mjs";

/** Once a size has taken so long in all, in milliseconds, it is measured no more than `FEWEST` times. */
const PATIENCE = 180_000;
const FEWEST = 3;

/** The clients: how each makes its page ready, and what it then does. */
const clientsOf = (script) => ({
  floor: {
    open: (page, site) => page.goto(`${site.origin}/blank`),
    list: (page, origin, { name }) => page.evaluate(floor, [`${origin}${itemId(name)}/recoveryPoints?api-version=2024-04-01`, accessToken()]),
  },
  sdk: {
    async open(page, site) {
      await page.goto(`${site.origin}/blank`);
      await page.addScriptTag({ content: script });
    },
    list: (page, origin, { name }) =>
      page.evaluate(async (asked) => {
        const begun = performance.now();
        const decoded = await globalThis.sdk.list(asked);
        return { decoded, points: globalThis.kept.length, longest: await bench.longest(begun, performance.now()) };
      }, { ...partsOf(itemId(name)), endpoint: origin, token: accessToken() }),
  },
  product: {
    async open(page, site, { name }) {
      const app = new App(page, site.url);
      await app.open();
      await app.connect(accessToken());
      await page.getByRole("link", { name, exact: true }).waitFor();
      await page.waitForLoadState("networkidle");
    },
    list: (page, _, { name, points }) => page.evaluate(product, [`#/restore/${encodeURIComponent(itemId(name))}`, points]),
  },
});

/** In the page: what no client can do without. */
async function floor([first, token]) {
  const begun = performance.now();
  const kept = [];
  for (let next = first; next; ) {
    const answer = await fetch(next, { headers: { Authorization: `Bearer ${token}` } });
    const { value, nextLink } = JSON.parse(await answer.text());
    kept.push(...value);
    next = nextLink;
  }
  globalThis.kept = kept;
  const decoded = performance.now() - begun;
  return { decoded, points: kept.length, longest: await bench.longest(begun, begun + decoded) };
}

/** In the page: goes to the points and tells when they were decoded, drawn, and when a click is answered. */
async function product([address, points]) {
  const caption = () => document.querySelector('table[aria-label="Recovery points"] caption')?.textContent;
  const rows = () => document.querySelectorAll('table[aria-label="Recovery points"] tbody tr').length;
  performance.clearMarks();
  const begun = performance.now();
  location.hash = address;
  const drawn = await bench.until(() => caption() === `Recovery points ${points}`);
  const [before, clicked] = [rows(), performance.now()];
  [...document.querySelectorAll("button")].find((button) => /^Show \d+ more$/.test(button.textContent)).click();
  const answered = await bench.until(() => rows() > before);
  const mark = performance.getEntriesByType("mark").findLast(({ name }) => /^vm-restore: .*recovery points$/i.test(name));
  return {
    decoded: mark ? mark.startTime - begun : null,
    drawn: drawn - begun,
    responding: answered - clicked,
    points,
    longest: await bench.longest(begun, answered),
  };
}

/** What the origin was asked for: addresses, calls, preflights, and the most preflights of one address. */
function asked(counts) {
  const missing = Object.keys(counts).find((url) => counts[url].missing);
  if (missing) throw new Error(`The origin does not have ${missing}`);
  const all = Object.values(counts);
  const sum = (name) => all.reduce((sum, one) => sum + (one[name] ?? 0), 0);
  return { urls: all.length, calls: sum("GET"), preflights: sum("OPTIONS"), most: Math.max(0, ...all.map(({ OPTIONS = 0 }) => OPTIONS)) };
}

/**
 * Measures the lists. Each size is `{points, by, floor, sdk, product}`, with what each client did in each run.
 * @param {{runs: number, points: number, tell: (line: string) => void}} options
 */
export async function lists({ runs, points, tell }) {
  const { ready, stop } = await start(process.execPath, [new URL("origin.mjs", import.meta.url).pathname, String(points)]);
  const site = await serve({ config: configFor(ready.origin), pages: { "/blank": "<!DOCTYPE html><html lang=en><title>Blank</title>" } });
  try {
    const clients = Object.entries(clientsOf(await sdkScript()));
    const rows = sizes(points).map((size) => ({ ...size, spent: 0, floor: [], sdk: [], product: [] }));
    for (let run = 0; run < runs; run += 1) {
      for (const row of rows) {
        if (run >= FEWEST && row.spent > PATIENCE) continue;
        const begun = performance.now();
        for (const nth of clients.keys()) {
          const [name, client] = clients[(run + nth) % clients.length]; // each goes first in turn
          row[name].push(await one(client, ready.origin, site, row));
        }
        row.spent += performance.now() - begun;
        tell(`list, run ${run + 1}: ${row.points} by ${row.by}: ${clients.map(([name]) => `${name} ${row[name].at(-1).decoded?.toFixed(0)} ms`).join(", ")}`);
      }
    }
    return rows.map(({ spent: _, ...row }) => row);
  } finally {
    await site.close();
    await stop();
  }
}

function one(client, origin, site, row) {
  return fresh(async (page, browser) => {
    const counts = async () => (await fetch(`${origin}/counts`)).json();
    await client.open(page, site, row);
    await counts();
    const grown = await watchMemory(browser);
    const told = await client.list(page, origin, row);
    const memory = grown();
    if (told.points !== row.points) throw new Error(`${told.points} of ${row.points} points were read`);
    return { ...told, memory, asked: asked(await counts()) };
  });
}
