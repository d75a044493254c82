// How the page comes up, before any of the app's own pages matter.

import { expect, test } from "../support/fixtures.mjs";
import { serve } from "../support/site.mjs";

test("loads once, with integrity, without an error", async ({ page, app }) => {
  await expect(app.heading()).toBeVisible();
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
  expect(loaded.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
  // WebAssembly is compiled while it arrives; www/program.js compares its hash before it runs.
  const unguarded = page.locator("link[rel=stylesheet], link[rel=modulepreload], script[src]").locator(":scope:not([integrity])");
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

for (const colorScheme of ["light", "dark"]) {
  test(`is painted before its style sheet has come, and looks the same after it, ${colorScheme}`, async ({ page, site }) => {
    let come;
    const held = new Promise((release) => (come = release));
    await page.emulateMedia({ colorScheme });
    await page.route("**/app-*.css", async (route) => {
      await held;
      await route.continue();
    });
    await page.route("**/*.wasm", () => {}); // never comes, so that "Loading…" stays
    await page.goto(site.url, { waitUntil: "commit" });
    await expect.poll(() => page.evaluate(() => performance.getEntriesByName("first-contentful-paint").length)).toBe(1);
    await expect(page.getByText("hasn't started")).toBeHidden();
    const before = await page.evaluate(look);
    come();
    const layers = () => page.evaluate(() => [...document.styleSheets].filter(({ href }) => href).length);
    await expect.poll(layers).toBe(1);
    expect(await page.evaluate(look)).toEqual(before);
    expect(before.color).not.toBe(before.background);
  });
}

/** In the page: where the words stand, and what they look like. */
function look() {
  const words = ["h1", "#loading"].map((name) => document.querySelector(name));
  const style = (element, name) => getComputedStyle(element).getPropertyValue(name);
  const root = document.querySelector(".vm-restore");
  return {
    background: style(root, "background-color"),
    color: style(root, "color"),
    room: document.documentElement.scrollHeight,
    words: words.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x, y, width, height, ...["font-family", "font-size", "font-weight", "letter-spacing", "color"].map((name) => style(element, name))];
    }),
  };
}

test("the demo is offered before the program is there, and starts with it", async ({ page, site, found, accessible }) => {
  let come;
  const held = new Promise((release) => (come = release));
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.route("**/vm-restore-*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(site.url, { waitUntil: "commit" });
  await page.getByRole("link", { name: "Start the demo" }).click();
  await expect(page.getByText("The demo starts as soon as it has loaded.")).toBeVisible();
  await expect.poll(() => asked.some((path) => path.includes("arm-sim-page") && path.endsWith(".wasm"))).toBe(true);
  await accessible();
  come();
  await expect(page.getByRole("table", { name: "Protected virtual machines" }).getByRole("row").nth(1)).toBeVisible();
  await page.goBack();
  await expect(page.getByText("You're connected")).toBeVisible(); // going back starts nothing anew
  expect(await page.evaluate(() => location.hash)).toBe("#/demo");
  expect(found).toEqual([]);
});

for (const [why, config, address] of [
  ["config.json turns it off", { allow: { demo: false } }, ""],
  ["somebody comes for a restore", {}, "#/restores"],
]) {
  test(`the demo is not offered while the program loads when ${why}`, async ({ page, site }) => {
    await page.route("**/config.json", (route) => route.fulfill({ json: config }));
    let come;
    const held = new Promise((release) => (come = release));
    await page.route("**/vm-restore-*.wasm", async (route) => {
      await held;
      await route.continue();
    });
    await page.addInitScript(() => {
      globalThis.offered = false;
      new MutationObserver(() => (globalThis.offered ||= Boolean(document.querySelector("#early:not([hidden])")))).observe(document, { subtree: true, attributes: true, childList: true });
    });
    const read = page.waitForResponse("**/config.json");
    await page.goto(`${site.url}${address}`, { waitUntil: "commit" });
    await read;
    come();
    await expect(page.locator("#loading")).toHaveCount(0);
    expect(await page.evaluate(() => globalThis.offered)).toBe(false);
  });
}

test("says so when the program cannot be loaded", async ({ page, site, found }) => {
  await page.route("**/*.wasm", (route) => route.fulfill({ status: 503, body: "" }));
  await page.goto(site.url);
  await expect(page.getByRole("alert")).toContainText("VM Restore couldn't be loaded");
  await expect(page.locator("#early"), "no demo is offered or promised").toHaveCount(0);
  found.length = 0; // the loader tells the console as well
});

test("is accessible while it loads and when it cannot", async ({ page, site, found, accessible }) => {
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(site.url);
  await expect(page.getByRole("alert")).toBeVisible();
  await accessible();
  found.length = 0;
});
