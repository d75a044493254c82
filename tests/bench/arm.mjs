// The page connected to the simulator's server.

import { configFor } from "../e2e/support/config.mjs";
import { App } from "../e2e/support/app.mjs";
import { simulator } from "../e2e/support/simulator.mjs";
import { serve } from "../e2e/support/site.mjs";
import { accessToken } from "../e2e/support/token.mjs";
import { fresh } from "./pages.mjs";

/**
 * Starts the simulator and the page's server for as long as `use(connected, arm, site)` takes; `connected(use)` opens a fresh page that is connected.
 * @param {string[]} args of the simulator
 */
export async function withSimulator(args, use) {
  const arm = await simulator(...args);
  const site = await serve({ config: configFor(arm.origin), pages: { "/blank": "<!DOCTYPE html><html lang=en><title>Blank</title>" } });
  const connected = (of) => fresh(async (page, browser) => {
    const app = new App(page, site.url);
    await app.open();
    await app.connect(accessToken());
    return of(app, page, browser);
  });
  try {
    return await use(connected, arm, site);
  } finally {
    await site.close();
    await arm.stop();
  }
}
