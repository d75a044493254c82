// VM Restore in a frame of another site, in a browser that keeps sites' storage apart.

import { App } from "../support/app.mjs";
import { configFor } from "../support/config.mjs";
import { expect, test as base } from "@playwright/test";
import { certificate } from "../support/certificate.mjs";
import { guard } from "../support/guard.mjs";
import { partitioned } from "../support/partitioned.mjs";
import { framePortal } from "../support/portal.mjs";
import { everyRecord } from "../support/records.mjs";
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
    await use({ ...site, configure: (told) => Object.assign(config, told), allow: (parents) => Object.assign(config, { embedding: { parents } }) });
    await site.close();
  },

  portal: async ({ site, arm }, use) => {
    const portal = await serve({ pages: { "/": framePortal(site.url, { scopes: [`${arm.origin}/user_impersonation`] }) }, tls: TLS, host: "portal.test" });
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
  await expect(frameOf(page).getByRole("link", { name: /operator@example\.com/ })).toHaveCSS("color", "rgb(1, 2, 3)");
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
  await frameOf(page).getByRole("link", { name: "Activity" }).click();
  await h1(page, "Activity").waitFor();
  await page.evaluate(() => globalThis.frame.go("#/vms"));
  await h1(page, "Choose a virtual machine").waitFor();
  const went = () => page.evaluate(() => globalThis.events.filter(({ type }) => type === "navigate").map(({ detail }) => detail));
  await expect.poll(went, "the portal knows where the operator is").toEqual(expect.arrayContaining(["#/restores", "#/activity"]));
  expect((await went()).at(-1)).toMatch(/^#\/vms/);
  const asked = await page.evaluate(() => globalThis.asked);
  for (const request of asked) expect(request).toEqual({ scopes: [`${arm.origin}/user_impersonation`], forceRefresh: false, refused: false });
  expect(bearers).toEqual(new Set([arm.origin]));
  const inside = page.frames().find((frame) => frame.url().startsWith(site.url));
  const kept = await inside.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(kept + (await everyRecord(inside))).not.toContain(accessToken().split(".")[1].slice(0, 40));
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
    await expect(frameOf(page).getByText(parents ? `${stranger.origin} may not embed this site` : "doesn't allow embedding")).toBeVisible();
    // A greeting of its own making does not help.
    await page.evaluate((origin) => {
      const { port1, port2 } = new MessageChannel();
      globalThis.heard = [];
      port1.onmessage = ({ data }) => globalThis.heard.push(data);
      document.querySelector("iframe").contentWindow.postMessage({ vmRestore: 2, type: "hello" }, origin, [port2]);
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
  const times = await page.evaluate(() => globalThis.events.filter(({ type }) => type === "ignored").length);
  expect(times, "a flood is not passed on").toBeLessThan(30);
  await expect(h1(page, "Choose a virtual machine")).toBeVisible();
  await page.evaluate(() => globalThis.frame.go("#/activity"));
  await h1(page, "Activity").waitFor();
  expect(found).toEqual([]);
});

test("a token is asked for Azure Resource Manager alone, whatever config.json says", async ({ page, portal, site, arm }) => {
  const scope = "https://graph.microsoft.com/Mail.ReadWrite";
  site.configure({ clouds: [{ name: "Test", arm: arm.origin, scope }] });
  await page.addInitScript((token) => (globalThis.token = token), accessToken());
  await page.goto(portal.url);
  await expect(frameOf(page).getByRole("alert")).toContainText(`the scope “${scope}”, which it does not admit`);
  expect(await page.evaluate(() => globalThis.asked)).toEqual([]);
});

test("a restore that ends is told to the portal, once and in codes", async ({ page, portal, site, found }) => {
  await page.addInitScript((token) => (globalThis.token = token), accessToken());
  await page.goto(portal.url);
  await h1(page, "Choose a virtual machine").waitFor();
  const app = new App(page.frames().find((frame) => frame.url().startsWith(site.url)), site.url);
  await app.openFirstVm();
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
  await app.start();
  expect(await app.follow()).toBe("Completed");
  const ends = () => page.evaluate(() => globalThis.events.filter(({ type }) => type === "restoreEnded").map(({ detail }) => detail));
  await expect.poll(ends).toEqual([
    { id: expect.any(String), jobId: expect.any(String), vault: expect.stringMatching(/\/vaults\//), machine: expect.any(String), outcome: "completed", error: null },
  ]);
  await app.button("Sign out").first().click();
  await expect.poll(() => page.evaluate(() => globalThis.events.filter(({ type }) => type === "signOut"))).toEqual([{ type: "signOut" }]);
  expect(found).toEqual([]);
});

test("a portal whose token does not come is waited for in true words", async ({ page, portal, found }) => {
  await page.addInitScript(() => (globalThis.silent = true));
  await page.goto(portal.url);
  const waiting = frameOf(page).getByText("Waiting up to a minute for an access token from the embedding page");
  await expect(waiting).toBeVisible();
  await expect(frameOf(page).getByText("in the pop-up")).toHaveCount(0);
  await frameOf(page).getByRole("button", { name: "Cancel" }).click();
  await expect(waiting).toHaveCount(0);
  await page.evaluate((token) => Object.assign(globalThis, { token, silent: false }), accessToken());
  await frameOf(page).getByRole("button", { name: "Sign in" }).click();
  await h1(page, "Choose a virtual machine").waitFor();
  expect(found).toEqual([]);
});

test.describe("the greeting", () => {
  /** A page of the portal that holds the frame by itself. */
  const bare = (site, script = "") => `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Portal</title><h1>Portal</h1>
    <script type="module">
      const frame = document.createElement("iframe");
      globalThis.heard = [];
      addEventListener("message", ({ data }) => { heard.push(data); ${script} });
      frame.src = "${site}index.html";
      document.body.append(frame);
    </script></html>`;
  const shows = async (site, html, run) => {
    const portal = await serve({ pages: { "/": html }, tls: TLS, host: "portal.test" });
    site.allow([portal.origin]);
    try {
      await run(portal);
    } finally {
      await portal.close();
    }
  };

  test("that never comes is missed in a sentence, and may come late", async ({ page, site }) => {
    await page.clock.install();
    await shows(site, bare(site.url), async (portal) => {
      await page.goto(portal.url);
      await frameOf(page).getByText("Waiting for the embedding page").waitFor();
      expect(await page.evaluate(() => globalThis.heard)).toEqual([{ vmRestore: 2, type: "ready" }]);
      await page.clock.fastForward(11_000);
      await expect(frameOf(page).getByRole("alert")).toContainText("hasn't introduced itself within 10 seconds");
      await page.evaluate((origin) => {
        const { port1, port2 } = new MessageChannel();
        globalThis.port = port1;
        document.querySelector("iframe").contentWindow.postMessage({ vmRestore: 2, type: "hello" }, origin, [port2]);
      }, site.origin);
      await frameOf(page).getByText("Waiting up to a minute for an access token from the embedding page").waitFor();
      // What comes through the port is looked at here, too.
      await page.evaluate(() => globalThis.port.postMessage({ type: "token", id: 1, token: "two\nlines" }));
      await expect(frameOf(page).getByRole("alert")).toContainText("not a valid access token");
    });
  });

  test("of another version is named: to the operator", async ({ page, site }) => {
    const old = `frame.contentWindow.postMessage({ vmRestore: 1, type: "hello" }, "${site.origin}", [new MessageChannel().port2]);`;
    await shows(site, bare(site.url, old), async (portal) => {
      await page.goto(portal.url);
      await expect(frameOf(page).getByRole("alert")).toContainText("uses message version 1, but this site uses version 2");
    });
  });

  test("of another version is named: to the portal", async ({ page, site }) => {
    const old = await serve({ pages: { "/": '<!DOCTYPE html><script>parent.postMessage({ vmRestore: 1, type: "ready" }, "*")</script>' }, tls: TLS, host: "app.test" });
    const html = framePortal(site.url).replace(`src: "${site.url}index.html"`, `src: "${old.url}"`);
    await shows(site, html, async (portal) => {
      await page.goto(portal.url);
      await expect.poll(() => page.evaluate(() => globalThis.events)).toEqual([
        { type: "problem", detail: { code: "version", message: expect.stringContaining(`The VM Restore at ${old.origin} speaks version 1`) } },
      ]);
    });
    await old.close();
  });
});

test("a wrong option of `embed` is named, and leaves no frame", async ({ page, portal }) => {
  await page.goto(portal.url);
  await frameOf(page).getByRole("alert").waitFor();
  const told = await page.evaluate((src) => {
    const element = document.createElement("div");
    const good = { src, getToken: async () => "" };
    const tries = [[null, good], [element, { ...good, theme: "blue" }], [element, { ...good, properties: { "--colorBrandBackground": () => {} } }], [element, { src }], [element, { getToken() {} }], [element, { ...good, adress: "#/" }]];
    const words = tries.map(([place, options]) => {
      try {
        globalThis.embed(place, options);
        return "embedded";
      } catch (error) {
        return error.message;
      }
    });
    const later = (() => {
      try {
        globalThis.frame.setTheme("dark", { "--colorBrandBackground": 5 });
      } catch (error) {
        return error.message;
      }
    })();
    return [...words, later, element.childElementCount];
  }, portal.url);
  expect(told).toEqual([
    expect.stringContaining("null: is there such an element?"),
    "embed: `theme` must be one of light, dark, auto",
    expect.stringContaining("embed: `properties` must be an object of custom properties"),
    "embed: `getToken` must be a function that promises a token",
    "embed: `src` must be the URL of VM Restore",
    expect.stringContaining("embed: there is no option `adress`"),
    expect.stringContaining("setTheme: `properties` must be"),
    0,
  ]);
});
