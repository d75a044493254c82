// VM Restore in a frame of another site, in a browser that keeps sites' storage apart.

import { configFor } from "../support/config.mjs";
import { expect, test as base } from "@playwright/test";
import { certificate } from "../support/idp.mjs";
import { guard } from "../support/guard.mjs";
import { partitioned } from "../support/partitioned.mjs";
import { framePortal } from "../support/portal.mjs";
import { simulator } from "../support/simulator.mjs";
import { serve } from "../support/site.mjs";
import { accessToken } from "../support/token.mjs";

const TLS = certificate(["app.test", "portal.test", "stranger.test"]);

const test = base.extend({
  arm: async ({}, use) => {
    const arm = await simulator("--progress", "per-read:3", "--retry-after", "1", "--expose", "all");
    await use(arm);
    await arm.stop();
  },

  /** VM Restore, which `portal.test` may show. */
  site: async ({ arm }, use) => {
    const config = configFor(arm.origin);
    const site = await serve({ config, tls: TLS, host: "app.test", headers: { "Access-Control-Allow-Origin": "*" } });
    await use({ ...site, allow: (parents) => Object.assign(config, { embedding: { parents } }) });
    await site.close();
  },

  portal: async ({ site }, use) => {
    const portal = await serve({ pages: { "/": framePortal(site.url) }, tls: TLS, host: "portal.test" });
    site.allow([portal.origin]);
    await use(portal);
    await portal.close();
  },

  context: async ({}, use) => {
    const browser = await partitioned();
    await use(browser.context);
    await browser.close();
  },

  page: async ({ context }, use) => {
    const page = await context.newPage();
    await use(page);
    await page.close();
  },

  found: async ({ context, site, arm, portal }, use) => {
    const found = await guard(context, { origins: [site.origin, arm.origin, portal.origin] });
    await use(found);
    expect(found, "errors of the page, violations of its policy, requests elsewhere").toEqual([]);
  },
});

const frameOf = (page) => page.frameLocator("iframe");
const h1 = (page, name) => frameOf(page).getByRole("heading", { level: 1, name });

test("the portal's token opens it, and its theme and height are the portal's", async ({ page, portal, site, arm, found }) => {
  const bearers = new Set();
  page.context().on("request", async (request) => {
    if ((await request.allHeaders().catch(() => ({}))).authorization) bearers.add(new URL(request.url()).origin);
  });
  await page.addInitScript((token) => (globalThis.token = token), accessToken());
  await page.goto(portal.url);
  await h1(page, "Choose a virtual machine").waitFor();
  const root = frameOf(page).locator("#app");
  await expect(root).toHaveAttribute("data-theme", "dark");
  await expect(frameOf(page).getByRole("table").getByRole("link").first()).toHaveCSS("color", "rgb(1, 2, 3)");
  expect(await root.evaluate((element) => [...element.style])).toEqual(["--colorBrandForegroundLink"]);
  await page.evaluate(() => globalThis.frame.setTheme("light"));
  await expect(root).toHaveAttribute("data-theme", "light");
  await page.evaluate(() => globalThis.frame.go("#/restores"));
  await h1(page, "Restores").waitFor();
  const height = () => page.evaluate(() => document.querySelector("iframe").offsetHeight);
  const low = await height();
  await page.evaluate(() => globalThis.frame.go("#/vms"));
  await expect.poll(height).toBeGreaterThan(low + 100);
  await page.evaluate(() => globalThis.frame.go("#/restores"));
  await expect.poll(height, "it shrinks again").toBeLessThan(low + 20);
  expect(bearers).toEqual(new Set([arm.origin]));
  const kept = await page.frames().find((frame) => frame.url().startsWith(site.url)).evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(kept).not.toContain(accessToken().split(".")[1].slice(0, 40));
  expect(found).toEqual([]);
});

test("a portal without a token is told, and asked again", async ({ page, portal, found }) => {
  await page.goto(portal.url);
  await expect(frameOf(page).getByRole("alert")).toContainText("The portal has nobody signed in.");
  await page.evaluate((token) => (globalThis.token = token), accessToken());
  await frameOf(page).getByRole("button", { name: "Sign in" }).click();
  await h1(page, "Choose a virtual machine").waitFor();
  expect(found).toEqual([]);
});

test("a page that is not named gets nothing", async ({ page, portal, site, arm }) => {
  const asked = [];
  page.on("request", (request) => request.url().startsWith(arm.origin) && asked.push(request.url()));
  const stranger = await serve({ pages: { "/": framePortal(site.url) }, tls: TLS, host: "stranger.test" });
  for (const parents of [[portal.origin], undefined]) {
    site.allow(parents);
    await page.addInitScript((token) => (globalThis.token = token), accessToken());
    await page.goto(stranger.url);
    await expect(frameOf(page).getByText(parents ? `${stranger.origin} may not show this site` : "does not allow other pages to show it")).toBeVisible();
    // A greeting of its own making does not help.
    await page.evaluate((origin) => {
      const { port1, port2 } = new MessageChannel();
      globalThis.heard = [];
      port1.onmessage = ({ data }) => globalThis.heard.push(data);
      document.querySelector("iframe").contentWindow.postMessage({ vmRestore: 1, type: "hello" }, origin, [port2]);
    }, site.origin);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 500)));
    expect(await page.evaluate(() => [globalThis.heard, globalThis.asked])).toEqual([[], []]);
    await expect(frameOf(page).getByRole("button")).toHaveCount(0);
  }
  expect(asked).toEqual([]);
  await stranger.close();
});

test("messages that are not the protocol's change nothing and are counted", async ({ page, portal, site, found }) => {
  await page.addInitScript((token) => (globalThis.token = token), accessToken());
  await page.goto(portal.url);
  await h1(page, "Choose a virtual machine").waitFor();
  const sent = await page.evaluate((origin) => {
    // The same nonsense every time: a generator of our own, begun at the same number.
    let seed = 20_261_123;
    const random = (below) => ((seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648), seed % below);
    const words = ["hello", "ready", "token", "event", "theme", "go", "height", "__proto__", "constructor", "toString"];
    const leaves = [() => null, () => undefined, () => random(9) - 4, () => "x".repeat(random(50)), () => words[random(words.length)], () => NaN, () => true,
      () => "<img src=x onerror=alert(1)>", () => "javascript:alert(1)", () => "#/restores", () => [], () => ({})];
    const value = (deep) => {
      if (deep < 1 || random(3) === 0) return leaves[random(leaves.length)]();
      if (random(4) === 0) return Array.from({ length: random(4) }, () => value(deep - 1));
      const members = Array.from({ length: random(6) }, () => [["vmRestore", "type", "id", "token", "error", "theme", "address"][random(7)], value(deep - 1)]);
      return Object.fromEntries(members);
    };
    const frame = document.querySelector("iframe").contentWindow;
    const times = 3_000;
    for (let n = 0; n < times; n += 1) {
      const ports = Array.from({ length: random(3) }, () => new MessageChannel().port1);
      frame.postMessage(value(3), origin, ports);
    }
    return times;
  }, site.origin);
  const count = () => page.evaluate(() => globalThis.events.filter(({ type }) => type === "ignored").at(-1)?.detail.count);
  await expect.poll(count).toBe(sent);
  await expect(h1(page, "Choose a virtual machine")).toBeVisible();
  await page.evaluate(() => globalThis.frame.go("#/activity"));
  await h1(page, "Activity").waitFor();
  expect(found).toEqual([]);
});
