// VM Restore as a module in another site's page: with that page's tokens, beside that page's styles.

import { App } from "../support/app.mjs";
import { axe } from "../support/axe.mjs";
import { configFor } from "../support/config.mjs";
import { expect, test as base } from "../support/fixtures.mjs";
import { guard } from "../support/guard.mjs";
import { modulePortal } from "../support/portal.mjs";
import { serve } from "../support/site.mjs";
import { accessToken } from "../support/token.mjs";

const test = base.extend({
  simulatorArgs: [["--progress", "per-read:3", "--retry-after", "1", "--expose", "all"], { option: true }],

  site: async ({ arm }, use) => {
    const site = await serve({ config: configFor(arm.origin), headers: { "Access-Control-Allow-Origin": "*" } });
    await use(site);
    await site.close();
  },

  portal: async ({ site, arm }, use) => {
    // What a careful portal allows, and no more.
    const policy = `default-src 'none'; script-src 'unsafe-inline' ${site.origin} 'wasm-unsafe-eval'; style-src 'unsafe-inline' ${site.origin}; connect-src ${site.origin} ${arm.origin}; img-src data:`;
    const portal = await serve({ pages: { "/": modulePortal(site.url) }, headers: { "Content-Security-Policy": policy } });
    await use(portal);
    await portal.close();
  },

  found: async ({ context, site, arm, portal }, use) => {
    const found = await guard(context, { origins: [site.origin, arm.origin, portal.origin] });
    await use(found);
    expect(found, "errors of the page, violations of its policy, requests elsewhere").toEqual([]);
  },

  /** The portal, with VM Restore shown in its element `one`. */
  shown: async ({ page, portal, found }, use) => {
    await page.addInitScript((token) => (globalThis.token = token), accessToken());
    await page.goto(portal.url);
    await page.waitForFunction(() => globalThis.ready);
    await page.evaluate(async () => (globalThis.app = await globalThis.show("one")));
    await use(new App(page, portal.url, found));
  },
});

test("a restore runs to its end by the portal's tokens", async ({ shown, page, portal, arm }) => {
  await shown.heading("Choose a virtual machine").waitFor();
  await expect(page.getByRole("link", { name: /operator@example\.com/ })).toBeVisible();
  expect(await page.evaluate(() => document.activeElement === document.body), "the portal keeps its focus").toBe(true);
  await shown.openFirstVm();
  await shown.openFirstPoint();
  await shown.proposeDisks();
  await shown.review();
  await shown.start();
  expect(await shown.follow({ timeout: 45_000 })).toBe("Completed");
  expect(page.url(), "the portal's address is the portal's").toBe(portal.url);
  const { events, asked } = await page.evaluate(() => ({ events: globalThis.events, asked: globalThis.asked }));
  expect(events).toContainEqual(["one", { type: "navigate", detail: expect.stringMatching(/^#\/restores\//) }]);
  const restores = events.filter(([, { type }]) => type === "restores").at(-1)[1].detail;
  expect(restores).toEqual([{ id: expect.any(String), vm: expect.any(String), state: "Completed", running: false }]);
  expect(new Set(asked.map(([scopes]) => scopes.join()))).toEqual(new Set([`${arm.origin}/user_impersonation`]));
  expect(await axe(page, "#one")).toEqual([]);
});

test("no style gets in or out, but for the colours that the portal hands over", async ({ shown, page }) => {
  await shown.heading("Choose a virtual machine").waitFor();
  const look = (selector, within) => page.evaluate(([selector, within]) => {
    const root = within ? document.getElementById("one").shadowRoot : document;
    const { letterSpacing, textTransform, fontStyle, fontSize, color, display } = getComputedStyle(root.querySelector(selector));
    return { letterSpacing, textTransform, fontStyle, fontSize, color, display };
  }, [selector, within]);
  expect(await look("h1", true)).toMatchObject({ letterSpacing: "-0.24px", textTransform: "none", fontStyle: "normal", fontSize: "24px" });
  expect(await look("button", true)).toMatchObject({ letterSpacing: "normal", textTransform: "none", fontStyle: "normal" });
  expect((await look("button", true)).display).not.toBe("none");
  expect(await look("#own", false)).toMatchObject({ fontStyle: "italic", fontSize: "33px", color: "rgb(255, 105, 180)" });
  await page.evaluate(() => document.getElementById("one").style.setProperty("--colorBrandForegroundLink", "rgb(1, 2, 3)"));
  const link = page.getByRole("table", { name: "Protected virtual machines" }).getByRole("link").first();
  await expect(link).toHaveCSS("color", "rgb(1, 2, 3)");
  await page.evaluate(() => globalThis.app.setTheme("dark"));
  await expect(page.locator("#one .vm-restore")).toHaveCSS("color-scheme", "dark");
});

test("two at a time, and what is unmounted is gone", async ({ shown, page, arm }) => {
  await shown.heading("Choose a virtual machine").waitFor();
  await page.evaluate(async () => (globalThis.other = await globalThis.show("two", { address: "#/restores" })));
  const second = page.locator("#two");
  await expect(second.getByRole("heading", { level: 1, name: "Restores" })).toBeVisible();
  await second.getByRole("link", { name: "Activity" }).click();
  await expect(second.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible();
  await expect(page.locator("#one").getByRole("heading", { level: 1, name: "Choose a virtual machine" })).toBeVisible();
  await page.evaluate(() => globalThis.other.unmount());
  await expect(second.locator("*")).toHaveCount(0);
  expect(await page.evaluate(() => document.getElementById("two").shadowRoot.childElementCount)).toBe(0);
  // It may come back.
  await page.evaluate(async () => (globalThis.other = await globalThis.show("two")));
  await expect(second.getByRole("heading", { level: 1, name: "Choose a virtual machine" })).toBeVisible();
  await page.evaluate(() => {
    globalThis.other.unmount();
    globalThis.app.unmount();
  });
  const later = [];
  page.on("request", (request) => request.url().startsWith(arm.origin) && later.push(request.url()));
  await page.evaluate(() => globalThis.app.go("#/vms"));
  await page.evaluate(() => new Promise((frame) => requestAnimationFrame(() => setTimeout(frame, 1500))));
  expect(later).toEqual([]);
});

test("unmounting takes every listener, timer and call along", async ({ page, portal, found }) => {
  await page.addInitScript((token) => {
    globalThis.token = token;
    globalThis.live = { listeners: 0, timers: new Set() };
    const { live } = globalThis;
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    EventTarget.prototype.addEventListener = function (...given) {
      if (this === window || this === document) live.listeners += 1;
      return addEventListener.apply(this, given);
    };
    EventTarget.prototype.removeEventListener = function (...given) {
      if (this === window || this === document) live.listeners -= 1;
      return removeEventListener.apply(this, given);
    };
    const { setTimeout, clearTimeout } = globalThis;
    globalThis.setTimeout = (done, wait, ...given) => {
      const id = setTimeout(() => (live.timers.delete(id), done(...given)), wait);
      live.timers.add(id);
      return id;
    };
    globalThis.clearTimeout = (id) => (live.timers.delete(id), clearTimeout(id));
  }, accessToken());
  await page.goto(portal.url);
  await page.waitForFunction(() => globalThis.ready);
  const count = () => page.evaluate(() => [globalThis.live.listeners, globalThis.live.timers.size]);
  const before = await count();
  let held;
  await page.route("**/subscriptions?*", (route) => (held = route)); // never answered
  await page.evaluate(async () => (globalThis.app = await globalThis.show("one")));
  await expect.poll(() => Boolean(held)).toBe(true);
  expect(await count()).not.toEqual(before);
  const [failed] = await Promise.all([
    page.waitForEvent("requestfailed", (request) => request.url().includes("/subscriptions?")),
    page.evaluate(() => globalThis.app.unmount()),
  ]);
  expect(failed.failure().errorText).toMatch(/aborted/i);
  await expect.poll(count).toEqual(before);
  found.length = 0; // the call that was given up
});

test("a claims challenge is handed to the portal, and the same bytes go out", async ({ shown, page }) => {
  const sent = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("/restore?")) sent.push(request.postData());
  });
  await page.evaluate((better) => (globalThis.better = better), accessToken({ acrs: ["p1"] }));
  await page.evaluate(async () => {
    globalThis.app.unmount();
    globalThis.app = await globalThis.show("one", {
      getToken: async (scopes, claims) => {
        globalThis.asked.push([scopes, claims]);
        if (claims) globalThis.token = globalThis.better;
        return globalThis.token;
      },
    });
  });
  await page.getByRole("searchbox").or(page.getByRole("textbox", { name: /Search/ })).first().fill("fault-claims-challenge");
  await page.getByRole("link", { name: "fault-claims-challenge", exact: true }).click();
  await shown.openFirstPoint();
  await shown.proposeDisks();
  await shown.review();
  await shown.start();
  expect(await shown.follow({ past: ["Refused by Azure"], timeout: 45_000 })).toBe("Completed");
  expect(sent).toHaveLength(2);
  expect(sent[0]).toBe(sent[1]);
  const claims = await page.evaluate(() => globalThis.asked.map(([, claims]) => claims).filter(Boolean));
  expect(claims).toHaveLength(1);
  expect(JSON.parse(claims[0]).access_token.acrs.values).toEqual(["p1"]);
});

test("a portal that has no token is told so, and tries again", async ({ shown, page }) => {
  await page.evaluate(() => globalThis.app.unmount());
  await page.evaluate(async () => {
    globalThis.kept = globalThis.token;
    globalThis.token = undefined;
    globalThis.app = await globalThis.show("one");
  });
  await expect(page.getByRole("alert")).toContainText("gave no token");
  await expect(page.getByRole("button", { name: "Start the demo" })).toHaveCount(0);
  await page.evaluate(() => (globalThis.token = globalThis.kept));
  await page.getByRole("button", { name: "Sign in" }).click();
  await shown.heading("Choose a virtual machine").waitFor();
});
