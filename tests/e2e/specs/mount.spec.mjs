// VM Restore as a module in another site's page: with that page's tokens, beside that page's styles.

import { App } from "../support/app.mjs";
import { axe } from "../support/axe.mjs";
import { configFor } from "../support/config.mjs";
import { expect, test as base } from "../support/fixtures.mjs";
import { guard } from "../support/guard.mjs";
import { modulePortal } from "../support/portal.mjs";
import { serve } from "../support/site.mjs";
import { accessToken } from "../support/token.mjs";

/** What the page asks tokens for where its configuration names no scope. */
const scopeOf = (arm) => `${arm.origin}/user_impersonation`;

const test = base.extend({
  simulatorArgs: [["--progress", "per-read:3", "--retry-after", "1", "--expose", "all"], { option: true }],

  site: async ({ arm }, use) => {
    const site = await serve({ config: configFor(arm.origin), headers: { "Access-Control-Allow-Origin": "*" } });
    await use(site);
    await site.close();
  },

  portal: async ({ site, arm }, use) => {
    // What a careful portal allows, and no more.
    const policy = `default-src 'none'; script-src 'unsafe-inline' ${site.origin} 'wasm-unsafe-eval'; style-src 'unsafe-inline'; connect-src ${site.origin} ${arm.origin}; img-src data:`;
    const portal = await serve({ pages: { "/": modulePortal(site.url, { scopes: [scopeOf(arm)] }) }, headers: { "Content-Security-Policy": policy } });
    await use(portal);
    await portal.close();
  },

  found: async ({ context, site, arm, portal }, use) => {
    const found = await guard(context, { origins: [site.origin, arm.origin, portal.origin] });
    await use(found);
    expect(found, "errors of the page, violations of its policy, requests elsewhere").toEqual([]);
  },

  /** The portal, before anything is mounted; what the guard has found. */
  ready: async ({ page, portal, found }, use) => {
    await page.addInitScript((token) => (globalThis.token = token), accessToken());
    await page.goto(portal.url);
    await page.waitForFunction(() => globalThis.ready);
    await use(found);
  },

  /** The portal, with VM Restore shown in its element `one`. */
  shown: async ({ page, portal, ready }, use) => {
    await page.evaluate(async () => (globalThis.app = await globalThis.show("one")));
    await use(new App(page, portal.url, ready));
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
  expect(await shown.follow()).toBe("Completed");
  expect(page.url(), "the portal's address is the portal's").toBe(portal.url);
  const { events, asked } = await page.evaluate(() => ({ events: globalThis.events, asked: globalThis.asked }));
  expect(events).toContainEqual(["one", { type: "navigate", detail: expect.stringMatching(/^#\/restores\//) }]);
  const restores = events.filter(([, { type }]) => type === "restores").at(-1)[1].detail;
  const [restore] = restores;
  expect(restores).toEqual([
    { id: expect.any(String), vm: expect.any(String), vault: expect.stringMatching(/\/vaults\//), jobId: expect.any(String), code: "completed", state: "Completed", running: false },
  ]);
  const { id, jobId, vault, vm: machine } = restore;
  const ends = events.filter(([, { type }]) => type === "restoreEnded").map(([, { detail }]) => detail);
  expect(ends, "told once").toEqual([{ id, jobId, vault, machine, outcome: "completed", error: null }]);
  expect(asked).not.toEqual([]);
  for (const request of asked) expect(request).toEqual({ scopes: [scopeOf(arm)], forceRefresh: false, refused: false });
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
  const action = page.getByRole("table", { name: "Protected virtual machines" }).getByText("Restore", { exact: true }).first();
  await expect(action).toHaveCSS("color", "rgb(1, 2, 3)");
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
  await page.route("**/Microsoft.ResourceGraph/resources?*", (route) => (held = route)); // never answered
  await page.evaluate(async () => (globalThis.app = await globalThis.show("one")));
  await expect.poll(() => Boolean(held)).toBe(true);
  expect(await count()).not.toEqual(before);
  const [failed] = await Promise.all([
    page.waitForEvent("requestfailed", (request) => request.url().includes("/Microsoft.ResourceGraph/resources?")),
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
      getToken: async (request) => {
        globalThis.asked.push(request);
        if (request.claims) globalThis.token = globalThis.better;
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
  expect(await shown.follow({ past: ["Rejected by Azure"] })).toBe("Completed");
  expect(sent).toHaveLength(2);
  expect(sent[0]).toBe(sent[1]);
  const asked = await page.evaluate(() => globalThis.asked.filter(({ claims }) => claims));
  expect(asked).toHaveLength(1);
  expect(JSON.parse(asked[0].claims).access_token.acrs.values).toEqual(["p1"]);
  expect(asked[0]).toMatchObject({ forceRefresh: true, refused: true });
  const ends = await page.evaluate(() => globalThis.events.filter(([, { type }]) => type === "restoreEnded").map(([, { detail }]) => detail.outcome));
  expect(ends, "a refusal that is healed is no end").toEqual(["completed"]);
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

test.describe("the element", () => {
  /** What stands in the element `one`: roots of VM Restore, and style sheets. */
  const inside = (page) => page.evaluate(() => {
    const shadow = document.getElementById("one").shadowRoot;
    return [shadow?.querySelectorAll(".vm-restore").length ?? 0, shadow?.adoptedStyleSheets.length ?? 0];
  });
  const first = (page) => page.locator("#one").getByRole("heading", { level: 1, name: "Choose a virtual machine" });

  test("is claimed at once: of two mounts one is there, and the other is told", async ({ page, ready }) => {
    const both = await page.evaluate(async () => {
      const all = await Promise.allSettled([globalThis.show("one"), globalThis.show("one")]);
      globalThis.app = all[0].value;
      return all.map(({ status, reason }) => reason?.message ?? status);
    });
    expect(both).toEqual(["fulfilled", "VM Restore is already shown in this element. Unmount it first."]);
    await first(page).waitFor();
    expect(await inside(page)).toEqual([1, 2]);
    await page.evaluate(async () => {
      globalThis.app.unmount();
      globalThis.app.unmount();
      globalThis.app = await globalThis.show("one");
    });
    await first(page).waitFor();
    expect(await inside(page)).toEqual([1, 2]);
    expect(ready).toEqual([]);
  });

  test("may be removed at any moment: mounting settles all the same, and unmounts", async ({ page, arm, ready }) => {
    const settled = await page.evaluate(async () => {
      const element = document.getElementById("one");
      const mounting = globalThis.show("one");
      element.remove();
      const app = await mounting;
      app.unmount();
      return [element.shadowRoot.childElementCount, element.shadowRoot.adoptedStyleSheets.length];
    });
    expect(settled).toEqual([0, 0]);
    const later = [];
    page.on("request", (request) => request.url().startsWith(arm.origin) && later.push(request.url()));
    await page.evaluate(async () => (globalThis.app = await globalThis.show("two")));
    await page.locator("#two").getByRole("heading", { level: 1, name: "Choose a virtual machine" }).waitFor();
    await page.evaluate(() => document.getElementById("two").remove());
    await page.evaluate(() => globalThis.app.unmount());
    expect(ready).toEqual([]);
  });

  test("is left by its signal: before, while and after it is mounted", async ({ page, ready }) => {
    const told = await page.evaluate(async () => {
      const mount = (signal) => globalThis.show("one", { signal }).then((app) => (globalThis.app = app, "mounted"), (error) => error.message);
      const before = await mount(AbortSignal.abort(new Error("never wanted")));
      const controller = new AbortController();
      const pending = mount(controller.signal);
      controller.abort(new Error("left"));
      const free = document.getElementById("one").shadowRoot.childElementCount;
      globalThis.controller = new AbortController();
      return [before, free, await Promise.all([pending, mount(globalThis.controller.signal)])];
    });
    expect(told).toEqual(["never wanted", 0, ["left", "mounted"]]);
    await first(page).waitFor();
    expect(await inside(page)).toEqual([1, 2]);
    await page.evaluate(() => globalThis.controller.abort());
    expect(await inside(page)).toEqual([0, 0]);
    await page.evaluate(() => {
      globalThis.app.unmount();
      globalThis.app.go("#/restores");
      globalThis.app.setTheme("dark");
    });
    expect(ready).toEqual([]);
  });

  test("stays as it is where an option is wrong, and the option is named", async ({ page, ready }) => {
    const wrong = await page.evaluate(async () => {
      const tries = {
        element: [null], image: [document.createElement("img")], theme: [undefined, { theme: "blue" }], getToken: [undefined, { getToken: "eyJ" }], address: [undefined, { address: "https://else.example" }],
        cloud: [undefined, { cloud: { name: "Stack" } }], scopes: [undefined, { scopes: "a" }], onEvent: [undefined, { onEvent: {} }], signal: [undefined, { signal: {} }], strange: [undefined, { getTokens() {} }], options: [undefined, null],
      };
      const told = {};
      for (const [name, [element = document.getElementById("one"), options]] of Object.entries(tries)) {
        told[name] = await globalThis.mount(element, options).then(() => "mounted", (error) => `${error.name}: ${error.message}`);
      }
      return told;
    });
    expect(wrong).toEqual({
      element: expect.stringMatching(/^TypeError: mount: expected the element .* null: is there such an element\?$/),
      image: expect.stringMatching(/^Error: VM Restore cannot be shown in this <img>/),
      theme: "TypeError: mount: `theme` must be one of light, dark, auto",
      getToken: "TypeError: mount: `getToken` must be a function that promises a token",
      address: "TypeError: mount: `address` must be an address that begins with `#/`",
      cloud: "TypeError: mount: `cloud` must be a name of config.json, or an object with `name` and `arm`",
      scopes: "TypeError: mount: `scopes` must be a list of scopes",
      onEvent: "TypeError: mount: `onEvent` must be a function",
      signal: "TypeError: mount: `signal` must be an AbortSignal",
      strange: expect.stringMatching(/^TypeError: mount: there is no option `getTokens`; expected getToken, /),
      options: "TypeError: mount: expected an object of options",
    });
    expect(await page.evaluate(() => document.getElementById("one").shadowRoot)).toBe(null);
    await page.evaluate(async () => (globalThis.app = await globalThis.show("one", { theme: "dark" })));
    await first(page).waitFor();
    expect(await page.evaluate(() => {
      try {
        globalThis.app.setTheme("blue");
      } catch (error) {
        return error.message;
      }
    })).toContain("`theme` must be one of");
    await expect(page.locator("#one .vm-restore")).toHaveAttribute("data-theme", "dark");
    expect(ready).toEqual([]);
  });

  test("is free again where loading fails, with the reason", async ({ page, site, ready }) => {
    await page.route(`${site.url}*.css`, (route) => route.abort());
    const told = await page.evaluate(() => globalThis.show("one").catch((error) => error.message));
    expect(told).toMatch(/^app-.*\.css: it can't be reached, or is blocked by the page's policy or, from another origin, by a missing Access-Control-Allow-Origin header$/);
    expect(await inside(page)).toEqual([0, 0]);
    await page.unroute(`${site.url}*.css`);
    await page.evaluate(async () => (globalThis.app = await globalThis.show("one")));
    await first(page).waitFor();
    ready.length = 0; // the console's word on the file that was kept back
  });
});

test("the root font and the direction of the portal are the portal's, and the text is English", async ({ shown, page }) => {
  await shown.heading("Choose a virtual machine").waitFor();
  const table = page.getByRole("table", { name: "Protected virtual machines" });
  const sizes = () => table.waitFor().then(() => page.evaluate(() => {
    const root = document.getElementById("one").shadowRoot.querySelector(".vm-restore");
    const style = (element) => getComputedStyle(element);
    return {
      text: style(root).fontSize, heading: style(root.querySelector("h1")).fontSize, button: style(root.querySelector("button")).fontSize,
      direction: style(root).direction, bidi: style(root).unicodeBidi,
    };
  }));
  const right = { text: "14px", heading: "24px", button: "14px", direction: "ltr", bidi: "isolate" };
  expect(await sizes()).toEqual(right);
  for (const css of ["html { font-size: 62.5% }", "html { font-size: 40px } body { direction: rtl; unicode-bidi: bidi-override }"]) {
    await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
      document.documentElement.lang = "de";
    }, css);
    expect(await sizes(), css).toEqual(right);
    await page.evaluate(async () => {
      globalThis.app.unmount();
      globalThis.app = await globalThis.show("one");
    });
    await shown.heading("Choose a virtual machine").waitFor();
    expect(await sizes(), `${css}, mounted under it`).toEqual(right);
  }
  await expect(page.locator("#one .vm-restore")).toHaveAttribute("lang", "en");
  // Whoever has made the browser's text larger has it larger here too.
  await page.evaluate(() => {
    const { getComputedStyle } = globalThis;
    globalThis.getComputedStyle = (element) => (element.style.font.startsWith("medium") ? { fontSize: "20px" } : getComputedStyle(element));
    globalThis.app.unmount();
  });
  await page.evaluate(async () => (globalThis.app = await globalThis.show("one")));
  await shown.heading("Choose a virtual machine").waitFor();
  expect(await sizes()).toMatchObject({ text: "17.5px", heading: "30px" });
});

test("a link leads to a vault and to the points of one machine", async ({ shown, page }) => {
  const link = page.getByRole("table", { name: "Protected virtual machines" }).getByRole("link").first();
  const [name, item] = [await link.innerText(), await link.getAttribute("href")];
  expect(item).toMatch(/^#\/restore\/%2Fsubscriptions%2F[^/]+$/);
  const vault = decodeURIComponent(item.slice("#/restore/".length)).split("/backupFabrics/")[0];
  const subscription = vault.split("/")[2];
  const reopen = (address) => page.evaluate(async (address) => {
    globalThis.app.unmount();
    globalThis.app = await globalThis.show("one", { address });
  }, address);
  await reopen(item);
  await expect(shown.heading(/^Choose a recovery point/)).toContainText(name);
  await reopen(`#/vms?subscription=${subscription}&vault=${encodeURIComponent(vault)}`);
  await shown.heading("Choose a virtual machine").waitFor();
  await expect(page.getByRole("button", { name: `Remove filter Vault: ${vault.split("/").at(-1)}`, exact: true })).toBeVisible();
});

test("a portal's own list hands over a selection, and what cannot be planned is told", async ({ shown, page }) => {
  await shown.heading("Choose a virtual machine").waitFor();
  await shown.machinesRead();
  const links = page.getByRole("table", { name: "Protected virtual machines" }).getByRole("link");
  const found = await links.evaluateAll((all) => all.slice(0, 2).map((link) => decodeURIComponent(link.getAttribute("href").split("/")[2])));
  const gone = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/gone-01";
  const address = `#/plans/new?${[...found, gone, "web-01"].map((id) => `machine=${encodeURIComponent(id)}`).join("&")}`;
  await page.evaluate((to) => globalThis.app.go(to), address);
  await shown.heading("New recovery plan").waitFor();
  await expect(page.getByText("2 VMs found.")).toBeVisible();
  await expect(page.getByRole("note").filter({ hasText: "Some VMs can't be planned" })).toContainText(gone);
  await expect(page.getByRole("note").filter({ hasText: "Some IDs can't be read" })).toContainText("web-01");
  expect(await axe(page, "#one")).toEqual([]);
  await shown.button("Plan the restore of 2 VMs").click();
  await shown.heading(/ and 1 more$/).waitFor();
  await expect(page.getByRole("table", { name: "VMs" }).getByRole("rowheader")).toHaveCount(2);
  expect(await page.evaluate(() => globalThis.events.filter(([, { type }]) => type === "plans")), "none was started").toEqual([]);
});

test.describe("tokens", () => {
  const asking = (page) => page.locator("#one").getByText("Waiting up to a minute for an access token from the embedding page");
  const alert = (page) => page.locator("#one").getByRole("alert");
  /** Mounts anew with options, which are source text: functions are among them. */
  const reopen = (page, options) => page.evaluate(`(async () => {
    app.unmount();
    asked.length = 0;
    globalThis.app = await show("one", ${options});
  })()`);

  test("one that Azure has refused is told as refused, and a fresh one goes on", async ({ shown, page, arm }) => {
    await shown.heading("Choose a virtual machine").waitFor();
    const old = await page.evaluate(() => globalThis.token);
    await page.route(`${arm.origin}/**`, async (route) => {
      if ((await route.request().headerValue("authorization")) !== `Bearer ${old}`) return route.continue();
      const body = JSON.stringify({ error: { code: "ExpiredAuthenticationToken", message: "The access token has expired." } });
      await route.fulfill({ status: 401, contentType: "application/json", headers: { "Access-Control-Allow-Origin": "*" }, body });
    });
    await page.evaluate((fresh) => Object.assign(globalThis, { fresh }), accessToken({ jti: "fresh" }));
    // A cache, as portals have one.
    await reopen(page, "{ getToken: async (request) => { asked.push(request); if (request.forceRefresh) token = fresh; return token; } }");
    await shown.heading("Choose a virtual machine").waitFor();
    await expect(page.getByRole("table", { name: "Protected virtual machines" })).toBeVisible();
    const renewals = await page.evaluate(() => globalThis.asked.filter(({ refused, forceRefresh }) => refused || forceRefresh));
    expect(renewals).toEqual([{ scopes: [scopeOf(arm)], forceRefresh: true, refused: true }]);
  });

  test("the tenant that the operator switches to is asked for, from then on", async ({ shown, page, arm }) => {
    await page.getByRole("link", { name: /operator@example\.com/ }).click();
    const tenants = page.getByRole("table", { name: "Tenants" });
    const other = tenants.getByRole("row").filter({ has: page.getByRole("button", { name: /^Switch to / }) }).first();
    const tenant = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(await other.innerText())[0];
    // A portal that cannot.
    await other.getByRole("button").click();
    await expect(other).toContainText("hasn't switched");
    await expect(page.getByRole("link", { name: /operator@example\.com/ })).toBeVisible();
    // One that does, after the operator has given it up.
    const late = "{ address: '#/account', getToken: (request) => (asked.push(request), request.tenant ? new Promise((give) => (globalThis.give = give)) : Promise.resolve(token)) }";
    await reopen(page, late);
    await other.getByRole("button").click();
    await page.waitForFunction(() => globalThis.give);
    await shown.button("Cancel").click();
    await page.evaluate((given) => globalThis.give(given), accessToken({ tid: tenant }));
    await page.evaluate(() => (globalThis.asked.length = 0));
    await page.getByRole("link", { name: "Virtual machines" }).click();
    await expect.poll(() => page.evaluate(() => globalThis.asked.length)).toBeGreaterThan(0);
    expect(await page.evaluate(() => globalThis.asked.filter((request) => "tenant" in request))).toEqual([]);
    // One that can.
    await page.evaluate((elsewhere) => Object.assign(globalThis, { elsewhere }), accessToken({ tid: tenant, upn: "guest@example.com", oid: "guest" }));
    await reopen(page, "{ address: '#/account', getToken: async (request) => (asked.push(request), request.tenant || request.account ? elsewhere : token) }");
    await other.getByRole("button").click();
    await expect(page.getByRole("link", { name: /guest@example\.com/ })).toBeVisible();
    await page.evaluate(() => (globalThis.asked.length = 0));
    await page.getByRole("link", { name: "Virtual machines" }).click();
    await shown.heading("Choose a virtual machine").waitFor();
    await shown.button("Refresh").click();
    await expect.poll(() => page.evaluate(() => globalThis.asked.length)).toBeGreaterThan(0);
    const asked = await page.evaluate(() => globalThis.asked);
    for (const request of asked) expect(request).toEqual({ scopes: [scopeOf(arm)], tenant, forceRefresh: false, refused: false });
    // Another account is the portal's to offer, and is asked for by its id from then on.
    await page.getByRole("link", { name: /guest@example\.com/ }).click();
    await page.evaluate(() => (globalThis.asked.length = 0));
    await shown.button("Use another account").click();
    await expect.poll(() => page.evaluate(() => globalThis.asked[0])).toEqual({ scopes: [scopeOf(arm)], account: "", forceRefresh: false, refused: false });
  });

  test("two that are mounted are two identities", async ({ shown, page }) => {
    await page.evaluate((second) => Object.assign(globalThis, { second }), accessToken({ upn: "second@fabrikam.example", oid: "second", tid: "22222222-2222-4222-8222-222222222222" }));
    await page.evaluate(async () => (globalThis.other = await globalThis.show("two", { address: "#/account", getToken: async () => globalThis.second })));
    await expect(page.locator("#two").getByRole("link", { name: /second@fabrikam\.example/ })).toBeVisible();
    await expect(page.locator("#one").getByRole("link", { name: /operator@example\.com/ })).toBeVisible();
    // What one of them switches to concerns the other as little.
    await page.locator("#two").getByRole("button", { name: "Use another account" }).click();
    await page.evaluate(() => (globalThis.asked.length = 0));
    await page.locator("#one").getByRole("button", { name: "Refresh" }).click();
    await expect.poll(() => page.evaluate(() => globalThis.asked.length)).toBeGreaterThan(0);
    expect(await page.evaluate(() => globalThis.asked.filter((request) => "account" in request || "tenant" in request))).toEqual([]);
  });

  test("one of another account does not send what the first one has clicked, and the page turns to that account", async ({ shown, page, arm }) => {
    await shown.heading("Choose a virtual machine").waitFor();
    await shown.openFirstVm();
    await shown.openFirstPoint();
    await shown.proposeDisks();
    // The check runs by itself: a refusal ends it, so that it asks for no token of the account that comes next.
    const refusal = { error: { code: "AuthorizationFailed", message: "No permission to validate." } };
    await page.route("**/backupTriggerValidateOperation?*", (route) =>
      route.request().method() === "OPTIONS" ? route.continue() : route.fulfill({ status: 403, json: refusal, headers: { "access-control-allow-origin": "*" } }),
    );
    await shown.review();
    await expect(page.getByRole("group", { name: "Actions" })).not.toContainText("Checking with Azure");
    const bearers = [];
    page.on("request", (request) => request.method() === "POST" && /\/restore\?/.test(request.url()) && bearers.push(request.headers().authorization));
    await page.evaluate((next) => (globalThis.token = next), accessToken({ upn: "second@fabrikam.example", oid: "second", tid: "22222222-2222-4222-8222-222222222222" }));
    await shown.button("Start restore").click();
    await expect(page.getByRole("link", { name: /second@fabrikam\.example/ })).toBeVisible();
    await expect(page.getByText("Not sent. This restore belongs to operator@example.com")).toBeVisible();
    expect(bearers).toEqual([]);
  });

  test("whatever the portal gives instead of a token is told in a sentence, and nothing is sent", async ({ shown, page, site, arm }) => {
    await shown.heading("Choose a virtual machine").waitFor();
    await page.evaluate(() => globalThis.app.unmount());
    const sent = [];
    page.on("request", (request) => request.url().startsWith(arm.origin) && sent.push(request.url()));
    for (const [given, sentence] of [
      ["async () => { throw new Error('No session at the portal.'); }", "No session at the portal."],
      ["async () => { throw 'just text'; }", "just text"],
      ["async () => { throw undefined; }", "gave no token, and does not say why"],
      ["() => { throw new Error('at once'); }", "at once"],
      ["() => {}", "gave no token"],
      ["async () => ''", "gave no token"],
      ["async () => 42", "gave no token"],
      ["async () => ({ token })", "gave no token"],
      ["async () => token + '\\n'", "not a valid access token"],
      ["async () => 'Bearer ' + token", "not a valid access token"],
      ["async () => 'Ж'", "not a valid access token"],
    ]) {
      await reopen(page, `{ getToken: ${given} }`);
      await expect(alert(page), given).toContainText(sentence);
      await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    }
    expect(sent).toEqual([]);
    // Nor does `host.js` pass on to a frame what is no token.
    const passed = await page.evaluate(async (url) => {
      const { ARM_SCOPES, admitting } = await import(url);
      return admitting(async () => "two words")({ scopes: [ARM_SCOPES[0]] }).catch((error) => error.message);
    }, `${site.url}host.js`);
    expect(passed).toContain("not a valid access token");
  });

  test("one that does not come is waited for in true words, and not for ever", async ({ shown, page, portal }) => {
    // The clock must be there before any timer is: a timer of a running program could no longer be cleared, and would fire after its end.
    await page.goto("about:blank");
    await page.clock.install();
    await page.goto(portal.url);
    await page.waitForFunction(() => globalThis.ready);
    await page.evaluate(async () => (globalThis.app = await globalThis.show("one", { getToken: () => new Promise(() => {}) })));
    await expect(asking(page)).toBeVisible();
    await expect(page.getByText("in the pop-up")).toHaveCount(0);
    await page.clock.fastForward(61_000);
    await expect(alert(page)).toContainText("didn't respond within 60 seconds. Nothing was sent to Azure.");
    await expect(asking(page)).toHaveCount(0);
    // A person who signs in takes his time, and may give it up.
    const signingIn = page.locator("#one").getByText("Finish signing in on the embedding page");
    await shown.button("Sign in").click();
    await expect(signingIn).toBeVisible();
    await expect(page.getByText("in the pop-up")).toHaveCount(0);
    await page.clock.fastForward(95_000);
    await expect(signingIn).toBeVisible();
    await shown.button("Cancel").click();
    await expect(signingIn).toHaveCount(0);
  });

  test("other scopes than those that are admitted are refused before the portal is asked", async ({ shown, page, arm }) => {
    await shown.heading("Choose a virtual machine").waitFor();
    await reopen(page, "{ scopes: undefined }");
    await expect(alert(page)).toContainText(`asked for a token with the scope “${scopeOf(arm)}”, which it does not admit`);
    expect(await page.evaluate(() => globalThis.asked)).toEqual([]);
    // A cloud that the portal itself names brings its scope along.
    await reopen(page, `{ scopes: undefined, cloud: { name: "Own", arm: "${arm.origin}", scope: "https://own.example/.default" } }`);
    await shown.heading("Choose a virtual machine").waitFor();
    expect(new Set(await page.evaluate(() => globalThis.asked.flatMap(({ scopes }) => scopes)))).toEqual(new Set(["https://own.example/.default"]));
  });
});

test.describe("a configuration of another origin", () => {
  /** `config.json` of the site, and the portal that shows it. */
  const shows = async (page, { signIn, clouds, cloud = "Test" }, run) => {
    const site = await serve({ config: { cloud, clouds, ...(signIn && { signIn }) }, headers: { "Access-Control-Allow-Origin": "*" } });
    const around = await serve({ pages: { "/": modulePortal(site.url) } });
    try {
      await page.addInitScript((token) => (globalThis.token = token), accessToken());
      await page.goto(around.url);
      await page.waitForFunction(() => globalThis.ready);
      await run({ site, around });
    } finally {
      await around.close();
      await site.close();
    }
  };

  test("that asks for a token of Microsoft Graph gets none", async ({ page, arm }) => {
    const scope = "https://graph.microsoft.com/Mail.ReadWrite";
    await shows(page, { clouds: [{ name: "Test", arm: arm.origin, scope }] }, async () => {
      await page.evaluate(async () => (globalThis.app = await globalThis.show("one")));
      await expect(page.locator("#one").getByRole("alert")).toContainText(`the scope “${scope}”, which it does not admit`);
      expect(await page.evaluate(() => globalThis.asked)).toEqual([]);
    });
  });

  test("is admitted with each scope of Azure Resource Manager that is shipped", async ({ page, arm }) => {
    for (const scope of ["https://management.azure.com/.default", "https://management.core.usgovcloudapi.net/user_impersonation", "https://management.chinacloudapi.cn//.default"]) {
      await shows(page, { clouds: [{ name: "Test", arm: arm.origin, scope }] }, async () => {
        await page.evaluate(async () => (globalThis.app = await globalThis.show("one")));
        await page.locator("#one").getByRole("heading", { level: 1, name: "Choose a virtual machine" }).waitFor();
        expect(await page.evaluate(() => globalThis.asked[0].scopes)).toEqual([scope]);
      });
    }
  });

  test("that signs people in cannot do so in another site's page, and says so at once", async ({ page, arm }) => {
    const clouds = [{ name: "Test", arm: arm.origin, authority: "https://login.example", scope: "s" }];
    await shows(page, { clouds, signIn: { clientId: "app" } }, async ({ site, around }) => {
      const told = await page.evaluate(() => globalThis.show("one", { getToken: undefined }).catch((error) => error.message));
      expect(told).toContain(`VM Restore of ${site.origin} cannot sign anybody in inside a page of ${around.origin}`);
      expect(await page.evaluate(() => document.getElementById("one").shadowRoot.childElementCount)).toBe(0);
    });
    // Where nobody signs in, there is the demo.
    await shows(page, { clouds }, async () => {
      await page.evaluate(async () => (globalThis.app = await globalThis.show("one", { getToken: undefined })));
      await expect(page.locator("#one").getByRole("button", { name: "Start the demo" })).toBeVisible();
    });
  });
});
