// What a restore costs the origin from its trigger to the end of its job: calls, and the preflights that the browser sends before them.

import { ENDS } from "../e2e/support/app.mjs";
import { accessToken } from "../e2e/support/token.mjs";
import { withSimulator } from "./arm.mjs";
import { fresh } from "./pages.mjs";
import { partsOf, sdkScript } from "./peer.mjs";

/** Reads until an operation or a job is at its end, and seconds that Azure asks to wait between them. */
const SIMULATED = ["--progress", "per-read:4", "--retry-after", "1"];
/** How long the job may take to its end, and how often the page is looked at, in milliseconds. */
const PATIENCE = 300_000;
const GLANCE = 500;

/** Counts what a page asks of an origin, as the browser itself tells it: Playwright does not tell of preflights. */
async function count(page, origin) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const seen = new Map();
  session.on("Network.requestWillBeSent", ({ type, request: { url, method } }) => {
    if (!url.startsWith(origin)) return;
    const one = seen.get(url) ?? { path: new URL(url).pathname, length: url.length, calls: 0, preflights: 0 };
    one[type === "Preflight" || method === "OPTIONS" ? "preflights" : "calls"] += 1;
    seen.set(url, one);
  });
  return () => {
    const all = [...seen.values()];
    const sum = (name) => all.reduce((sum, one) => sum + one[name], 0);
    return { calls: sum("calls"), preflights: sum("preflights"), urls: all };
  };
}

/** Waits for the end and presses nothing: the program looks when it thinks fit. */
async function ended(app) {
  const late = Date.now() + PATIENCE;
  let state;
  while (!(state in ENDS) && Date.now() < late) {
    await app.page.waitForTimeout(GLANCE);
    state = await app.state();
  }
  if (state !== "Completed") throw new Error(`The restore stands at “${state}”`);
}

/** @param {{tell: (line: string) => void}} options */
export async function followed({ tell }) {
  return withSimulator(SIMULATED, async (connected, arm, site) => {
    const { told: product, url, body } = await connected(async (app, page) => {
      await app.openFirstVm();
      await app.openFirstPoint();
      await app.proposeDisks();
      await app.review();
      const [url, body] = [await app.requestUrl(), await app.json("Request body")];
      const told = await count(page, arm.origin);
      await app.start();
      await ended(app);
      return { told: told(), url, body };
    });
    tell(`tracking: ${product.calls} calls, ${product.preflights} preflights`);
    await fetch(`${arm.origin}/_sim/reset`, { method: "POST" });
    const sdk = await fresh(async (page) => {
      await page.goto(`${site.origin}/blank`);
      await page.addScriptTag({ content: await sdkScript() });
      const told = await count(page, arm.origin);
      await page.evaluate(([asked, body]) => globalThis.sdk.restore(asked, body), [{ ...partsOf(decodeURIComponent(url)), endpoint: arm.origin, token: accessToken() }, body]);
      return told();
    });
    tell(`tracking: the SDK, without the job: ${sdk.calls} calls, ${sdk.preflights} preflights`);
    return { product, sdk };
  });
}
