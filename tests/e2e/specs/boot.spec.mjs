// How the page comes up, before any of the app's own pages matter.

import { expect, test } from "../support/fixtures.mjs";
import { serve } from "../support/site.mjs";

test("loads once, with integrity, without an error", async ({ page, app }) => {
  await expect(app.heading()).toBeVisible();
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
  expect(loaded.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
  const unguarded = page.locator("link[rel=stylesheet], link[rel=modulepreload], link[as=fetch][href*=wasm], script[src]").locator(":scope:not([integrity])");
  await expect(unguarded).toHaveCount(0);
});

test("runs below a path of another site", async ({ page, found }) => {
  const site = await serve({ base: "/portal/vm-restore/" });
  await page.goto(site.url);
  await expect(page.locator("#loading")).toHaveCount(0);
  expect(found.filter((it) => !it.includes("another origin"))).toEqual([]);
  found.length = 0; // the site of this test is not the one that the guard knows
  await site.close();
});

test("says so when the program cannot be loaded", async ({ page, site, found }) => {
  await page.route("**/*.wasm", (route) => route.fulfill({ status: 503, body: "" }));
  await page.goto(site.url);
  await expect(page.getByRole("alert")).toContainText("VM Restore could not be loaded");
  found.length = 0; // the loader tells the console as well
});

test("is accessible while it loads and when it cannot", async ({ page, site, found, accessible }) => {
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(site.url);
  await expect(page.getByRole("alert")).toBeVisible();
  await accessible();
  found.length = 0;
});
