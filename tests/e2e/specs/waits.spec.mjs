// What the browser or the page around this one does not give, refuses or gives wrongly: each has an end and a true sentence.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { App } from "../support/app.mjs";
import { launchOptions } from "../support/browser.mjs";
import { configFor } from "../support/config.mjs";
import { expect, test } from "../support/fixtures.mjs";
import { guard } from "../support/guard.mjs";
import { framePortal, modulePortal } from "../support/portal.mjs";
import { serve } from "../support/site.mjs";
import { simulator } from "../support/simulator.mjs";
import { accessToken } from "../support/token.mjs";

const TOKEN = accessToken({ exp: 4_000_000_000 });
const LATEST = 120_000;
const isTrigger = (request) => request.method() === "POST" && /\/restore\?/.test(request.url());
const alerts = (page) => page.locator(".vm-restore-crash");

/** Gives `use` a simulator and the page for it, with anything more in its configuration. */
async function withAzure(use, { headers } = {}) {
  const arm = await simulator("--progress", "per-read:3", "--retry-after", "1", "--expose", "all");
  const site = await serve({ config: configFor(arm.origin), headers });
  try {
    await use(site, arm);
  } finally {
    await site.close();
    await arm.stop();
  }
}

test("a browser that blocks all site data: it is said, and a restore is followed to its end", async () => {
  await withAzure(async (site, arm) => {
    const profile = mkdtempSync(join(tmpdir(), "blocked-"));
    mkdirSync(join(profile, "Default"));
    const blocked = { profile: { default_content_setting_values: { cookies: 2 } } };
    writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify(blocked));
    const context = await chromium.launchPersistentContext(profile, { ...launchOptions, serviceWorkers: "allow" });
    try {
      const found = await guard(context, { origins: [site.origin, arm.origin] });
      const page = await context.newPage();
      const sent = [];
      page.on("request", (request) => isTrigger(request) && sent.push(request.url()));
      const app = new App(page, site.url);
      await app.open();
      const refused = await page.evaluate(() => navigator.locks.request("a", () => "given").catch(({ name }) => name));
      expect(refused, "the setting is in force").not.toBe("given");
      const told = page.getByRole("alert").filter({ hasText: "This browser can't save data" });
      await expect(told).toContainText("Allow this site to store data, then reload the page.");
      await expect(told).not.toContainText("Free up space");
      await app.connect(TOKEN);
      await app.openFirstVm();
      await app.openFirstPoint();
      await app.proposeDisks();
      await app.review();
      await app.button("Start without saving").click();
      await app.heading(/^Restore of /).waitFor();
      expect(await app.follow({ timeout: LATEST })).toBe("Completed");
      expect(sent).toHaveLength(1);
      expect(found).toEqual([]);
    } finally {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    }
  });
});

test.describe("in a portal", () => {
  /** The program in a portal whose tokens come from `globalThis.give()`. */
  const shown = (page, use) => withAzure(async (site, arm) => {
    const portal = await serve({ pages: { "/": modulePortal(site.url, { scopes: [`${arm.origin}/user_impersonation`] }) } });
    try {
      await page.addInitScript((token) => {
        globalThis.token = token;
        globalThis.give = async () => token;
      }, TOKEN);
      await page.clock.install();
      await page.goto(portal.url);
      await page.waitForFunction(() => globalThis.ready);
      await page.evaluate(async () => (globalThis.app = await globalThis.show("one", { getToken: () => globalThis.give() })));
      const app = new App(page, portal.url);
      await app.heading("Choose a virtual machine").waitFor();
      await use(app, arm);
    } finally {
      await portal.close();
    }
  }, { headers: { "Access-Control-Allow-Origin": "*" } });

  const review = async (app) => {
    await app.openFirstVm();
    await app.openFirstPoint();
    await app.proposeDisks();
    await app.review();
    await app.page.waitForLoadState("networkidle");
  };

  test("a token that never comes: nothing was sent, which is said while it is waited for and when that ends", async ({ page }) => {
    await shown(page, async (app) => {
      const sent = [];
      page.on("request", (request) => isTrigger(request) && sent.push(request.url()));
      await review(app);
      await page.evaluate(() => (globalThis.give = () => new Promise(() => {})));
      await app.start();
      expect(await app.state()).toBe("Waiting for a token");
      await expect(page.getByRole("region", { name: "State" })).toContainText("Waiting for an access token. Nothing has been sent yet");
      await page.clock.fastForward(30_000);
      expect(await app.state()).toBe("Waiting for a token");
      await page.clock.fastForward(31_000);
      await expect.poll(() => app.state()).toBe("Not started");
      await expect(page.locator("#one")).toContainText("No access token within 60 seconds. Nothing was sent to Azure.");
      await page.clock.fastForward(300_000);
      expect([await app.state(), sent]).toEqual(["Not started", []]);
      await expect(alerts(page)).toHaveCount(0);
    });
  });

  for (const [what, token] of [["a line break", `${TOKEN}\r\nX-Other: 1`], ["letters beyond Latin-1", "токен"]]) {
    test(`a token with ${what} is told, and is no crash`, async ({ page }) => {
      await shown(page, async (app) => {
        const thrown = [];
        page.on("pageerror", (error) => thrown.push(error.message));
        await review(app);
        await page.evaluate((token) => (globalThis.give = async () => token), token);
        await app.start();
        await expect.poll(() => app.state()).toBe("Not started");
        await expect(page.locator("#one")).toContainText("That's not a valid access token");
        expect(thrown).toEqual([]);
      });
    });
  }

  test("an exception of the portal's own shows nothing", async ({ page }) => {
    await shown(page, async () => {
      const heard = page.waitForEvent("pageerror");
      await page.evaluate(() => {
        Promise.reject(new TypeError("the portal's own"));
        // Not by a timer: the clock that was put in would hand its exception to the test.
        queueMicrotask(() => {
          throw new Error("the portal's own");
        });
      });
      expect((await heard).message).toContain("the portal's own");
      await expect(alerts(page)).toHaveCount(0);
    });
  });
});

test("an exception of the browser's in the middle of the program is told as a crash, once", async ({ app, page, found }) => {
  await page.evaluate(() => {
    Date.now = () => {
      throw new Error("this computer has no clock");
    };
  });
  for (const _ of [1, 2]) {
    await app.button("Start the demo").click();
    await expect(page.getByRole("alert").and(alerts(page))).toContainText(/VM Restore stopped .* Details: Error: this computer has no clock/s);
    await expect(alerts(page)).toHaveCount(1);
  }
  expect(found.filter((it) => !it.includes("no clock"))).toEqual([]);
  found.length = 0; // what was done on purpose
});

test("an exception of the frame's own script is told as a crash", async ({ page }) => {
  const config = configFor("http://127.0.0.1:9");
  const site = await serve({ config, headers: { "Access-Control-Allow-Origin": "*" } });
  const portal = await serve({ pages: { "/": framePortal(site.url, { scopes: ["http://127.0.0.1:9/user_impersonation"] }) } });
  config.embedding = { parents: [portal.origin] };
  await page.addInitScript((token) => (globalThis.token = token), TOKEN);
  await page.goto(portal.url);
  const frame = page.frameLocator("iframe");
  await frame.getByRole("heading", { level: 1 }).waitFor();
  await frame.locator("#app").evaluate(() => {
    CSSStyleDeclaration.prototype.setProperty = () => {
      throw new Error("no colors here");
    };
  });
  await page.evaluate(() => globalThis.frame.setTheme("light"));
  await expect(frame.locator(".vm-restore-crash")).toContainText("Details: Error: no colors here");
  await expect(alerts(page), "the portal's page is the portal's").toHaveCount(0);
  for (const one of [portal, site]) await one.close();
});

test("a page without crypto.randomUUID and without a clipboard works", async ({ page, site, found }) => {
  await page.addInitScript(() => {
    delete Crypto.prototype.randomUUID;
    Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined });
    Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined });
    delete globalThis.BroadcastChannel;
  });
  const app = new App(page, site.url);
  await app.open();
  await page.getByRole("button", { name: /^Copy/ }).first().click();
  await expect(page.getByRole("alert")).toContainText("Couldn't copy");
  await app.startDemo();
  await expect(page.getByRole("table", { name: "Protected virtual machines" }).getByRole("link").first()).toBeVisible();
  expect(found).toEqual([]);
});

test("a config.json that does not come is said after half a minute, and the demo works", async ({ page, site, found }) => {
  await page.clock.install();
  await page.route("**/config.json", () => {}); // no answer
  await page.goto(site.url);
  await expect(page.getByText(/Loading…/)).toBeVisible();
  await expect(async () => {
    await page.clock.fastForward(10_000);
    await expect(page.getByRole("alert")).toContainText("Couldn't read config.json: it didn't load within 30 seconds", { timeout: 1_000 });
  }).toPass({ timeout: LATEST });
  await new App(page, site.url).startDemo();
  found.length = 0; // the call that was given up
});

test.describe("config.json", () => {
  const at = async (page, config, use) => {
    const site = await serve({ pages: { "/config.json": typeof config === "string" ? config : JSON.stringify(config) } });
    try {
      const app = new App(page, site.url);
      await app.open();
      await use(app);
    } finally {
      await site.close();
    }
  };
  const policy = (page) => page.evaluate(() => [...document.querySelectorAll("meta[http-equiv=Content-Security-Policy]")].at(-1).content);
  const arm = "https://arm.example";
  const cloud = (more) => ({ cloud: "T", clouds: [{ name: "T", arm, ...more }] });

  test("the policy admits what the program takes for valid", async ({ page }) => {
    await at(page, "{}", async () => {
      expect(await policy(page)).toBe("connect-src 'self' https://management.azure.com https://*.management.azure.com https://login.microsoftonline.com; frame-src 'self' https://login.microsoftonline.com");
      await expect(page.getByRole("alert")).toHaveCount(0);
    });
  });

  for (const [what, config, key] of [
    ["an origin with a slash at its end", cloud({ arm: `${arm}/` }), "`clouds[0].arm`: write it as https://arm.example, with nothing after it, at line 1"],
    ["an object for a list", cloud({ admitted: {} }), "`clouds[0].admitted`"],
    ["two clouds of one name", { cloud: "T", clouds: [{ name: "T", arm }, { name: "T", arm: "https://other.example" }] }, "two clouds are named T"],
    ["a key twice", `{"cloud": "AzureCloud",\n"cloud": "AzureCloud"}`, "duplicate field `cloud`, at line 2"],
    ["a portal that is a script", cloud({ portal: "javascript:alert(1)//" }), "`clouds[0].portal`"],
    ["a parent with a slash at its end", { embedding: { parents: ["https://portal.example/"] } }, "`embedding.parents[0]`: write it as https://portal.example, with nothing after it"],
  ]) {
    test(`${what} is told with its key and line, and nothing can be reached`, async ({ page }) => {
      await at(page, config, async () => {
        await expect(page.getByRole("alert")).toContainText(key);
        await expect(page.getByRole("alert")).toContainText(/at line \d/);
        expect(await policy(page)).toBe("connect-src 'self' ; frame-src 'self' ");
      });
    });
  }

  test("forbids the demo and pasted tokens", async ({ page }) => {
    await at(page, { allow: { demo: false, pastedTokens: false } }, async (app) => {
      await expect(page.getByText("You can't connect: this site's config.json")).toBeVisible();
      for (const name of ["Start the demo", "Try the region-outage scenario", "Connect"]) await expect(app.button(name)).toHaveCount(0);
    });
    await at(page, { allow: { demo: false } }, async (app) => {
      await expect(page.getByText("This site's config.json doesn't allow the demo.")).toBeVisible();
      await expect(app.button("Connect")).toBeVisible();
    });
  });
});
