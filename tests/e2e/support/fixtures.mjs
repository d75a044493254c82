// What every test gets: the page on loopback, guarded; a test fails on what the guard finds.

import { test as base, expect } from "@playwright/test";
import { App } from "./app.mjs";
import { axe } from "./axe.mjs";
import { configFor } from "./config.mjs";
import { guard } from "./guard.mjs";
import { serve } from "./site.mjs";
import { simulator } from "./simulator.mjs";

export { expect };

export const test = base.extend({
  /** Arguments of the simulator's server; without them the page is as published. */
  simulatorArgs: [undefined, { option: true }],

  /** Further members of `config.json` where the simulator's server is used. */
  config: [{}, { option: true }],

  /** The simulator's server, if its arguments are given. */
  arm: async ({ simulatorArgs }, use) => {
    if (!simulatorArgs) return use(undefined);
    const arm = await simulator(...simulatorArgs);
    await use(arm);
    await arm.stop();
  },

  /** The page's server; the configuration names the simulator's server if there is one. */
  site: async ({ arm, config }, use) => {
    const site = await serve(arm ? { config: { ...configFor(arm.origin), ...config } } : {});
    await use(site);
    await site.close();
  },

  /** What the guard found; a test may empty it when it has broken something on purpose. */
  found: async ({ context, site, arm }, use) => {
    const found = await guard(context, { origins: [site.origin, ...(arm ? [arm.origin] : [])] });
    await use(found);
    expect(found, "errors of the page, violations of its policy, requests elsewhere").toEqual([]);
  },

  /** The app, open at its first page. */
  app: async ({ page, site, found }, use) => {
    const app = new App(page, site.url, found);
    await app.open();
    await use(app);
  },

  /** Asserts that axe-core finds nothing on the page as it stands. */
  accessible: async ({ page }, use) => {
    await use(async () => expect(await axe(page), "axe-core's violations").toEqual([]));
  },
});
