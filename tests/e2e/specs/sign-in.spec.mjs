// Sign-in: real MSAL.js against a real OpenID server, and the simulator of Azure Resource Manager on an origin of its own.

import { App } from "../support/app.mjs";
import { configFor } from "../support/config.mjs";
import { expect, test as base } from "../support/fixtures.mjs";
import { guard } from "../support/guard.mjs";
import { CLIENT, SCOPE, identityProvider, signInAs } from "../support/idp.mjs";
import { everyRecord } from "../support/records.mjs";
import { serve } from "../support/site.mjs";
import { simulator } from "../support/simulator.mjs";

const QUICK = ["--progress", "per-read:3", "--retry-after", "1", "--expose", "all"];

const test = base.extend({
  tokenSeconds: [3600, { option: true }],
  tenants: [undefined, { option: true }],

  arm: async ({}, use) => {
    const arm = await simulator(...QUICK);
    await use(arm);
    await arm.stop();
  },

  /** The page's server; its configuration is told once the OpenID server knows where the page is. */
  site: async ({}, use) => {
    const config = {};
    // As docs/hosting.md has it: the sign-in's window must be able to answer all the same.
    const headers = (path) => (path.endsWith("/redirect.html") ? {} : { "Cross-Origin-Opener-Policy": "same-origin-allow-popups" });
    const site = await serve({ config, headers });
    await use({ ...site, configure: (told) => Object.assign(config, told) });
    await site.close();
  },

  idp: async ({ site, arm, tokenSeconds, tenants }, use) => {
    const idp = await identityProvider([site.url], { tokenSeconds, tenants });
    site.configure(configFor(arm.origin, { authority: idp.origin, clientId: CLIENT, scope: SCOPE, tenant: tenants?.[0] }));
    await use(idp);
    await idp.close();
  },

  found: async ({ context, site, arm, idp }, use) => {
    const found = await guard(context, { origins: [site.origin, arm.origin, idp.origin] });
    await use(found);
    expect(found, "errors of the page, violations of its policy, requests elsewhere").toEqual([]);
  },
});

test.use({ ignoreHTTPSErrors: true });

/** Presses *Sign in* and signs in in the window that opens. */
async function signIn(app, name, button = "Sign in") {
  const [popup] = await Promise.all([app.page.waitForEvent("popup"), app.button(button).click()]);
  const closed = popup.waitForEvent("close");
  await signInAs(popup, name);
  await closed;
}

/** The restores that leave, with their bodies. */
function triggers(page) {
  const sent = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("/restore?")) sent.push(request.postData());
  });
  return sent;
}

/** Starts a restore of the disks of `vmName`, one of the machines whose names say what goes wrong. */
async function startRestore(app, vmName) {
  await app.page.getByRole("searchbox").or(app.page.getByRole("textbox", { name: /Search/ })).first().fill(vmName);
  await app.page.getByRole("link", { name: vmName, exact: true }).click();
  await app.heading(/^Choose a recovery point/).waitFor();
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
  await app.start();
}

const principal = (page) => page.getByRole("banner").getByRole("link", { name: /example\.test/ });

test("a popup signs in, and the account is on every screen", async ({ app, page, accessible }) => {
  await accessible();
  await signIn(app, "ada");
  await app.heading("Choose a virtual machine").waitFor();
  await expect(principal(page)).toHaveText(/^ada@example\.test/);
  await app.openFirstVm();
  await expect(principal(page)).toBeVisible();
  await principal(page).click();
  await app.heading("Account").waitFor();
  await expect(page.getByRole("table", { name: "Tenants" })).toBeVisible();
  await accessible();
});

test("a redirect comes back to where one was", async ({ app, page, site, accessible }) => {
  await page.goto(`${site.url}#/jobs`);
  await app.button("Sign in without a pop-up").click();
  await signInAs(page, "bob");
  await app.heading(/^Backup jobs/).waitFor();
  await expect(principal(page)).toHaveText(/^bob@example\.test/);
  expect(page.url()).toBe(`${site.url}#/jobs`);
  await accessible();
});

test("a reload keeps the sign-in, in this tab alone", async ({ app, page, context, site }) => {
  await signIn(app, "ada");
  await app.heading("Choose a virtual machine").waitFor();
  await page.reload();
  await expect(principal(page)).toBeVisible();
  const other = await context.newPage();
  await other.goto(site.url);
  await expect(other.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  const kept = await page.evaluate(() => [JSON.stringify({ ...localStorage }), document.cookie, Object.keys(sessionStorage)]);
  expect(kept.slice(0, 2).join() + (await everyRecord(page))).not.toMatch(/secret|credential|accesstoken|ada@/i);
});

test("what stands around the sign-in is told and lets one go on", async ({ app, page, idp, accessible, found }) => {
  // A window that the browser does not open.
  await page.evaluate(() => {
    globalThis.opens = window.open;
    window.open = () => null;
  });
  await app.button("Sign in").click();
  await expect(page.getByRole("alert")).toContainText("blocked the sign-in pop-up");
  await accessible();
  await page.evaluate(() => {
    window.open = globalThis.opens;
  });
  // A window that is closed: nothing spins for ever.
  const [closed] = await Promise.all([page.waitForEvent("popup"), app.button("Sign in").click()]);
  await closed.close();
  await expect(page.getByRole("heading", { name: "Signing in" }).or(page.getByText("Finish signing in in the pop-up"))).toBeVisible();
  await accessible();
  await app.button("Cancel").click();
  await expect(page.getByText("Finish signing in in the pop-up")).toHaveCount(0);
  // A window that stays open when the sign-in is cancelled is closed.
  const [left] = await Promise.all([page.waitForEvent("popup"), app.button("Sign in").click()]);
  await Promise.all([left.waitForEvent("close"), app.button("Cancel").click()]);
  // Somebody who says no.
  const [declined] = await Promise.all([page.waitForEvent("popup"), app.button("Sign in").click()]);
  await declined.getByRole("button", { name: "Decline" }).click();
  await expect(page.getByRole("alert")).toContainText("declined");
  // A sign-in service that is down.
  await page.reload();
  idp.down(true);
  await app.button("Sign in").click();
  await expect(page.getByRole("alert")).toContainText(/sign-in/i);
  idp.down(false);
  found.length = 0; // MSAL.js tells the console as well
  await signIn(app, "ada");
  await app.heading("Choose a virtual machine").waitFor();
});

test("a second factor is asked for silently, and the same bytes go out", async ({ app, page, idp }) => {
  const sent = triggers(page);
  await signIn(app, "ada");
  await startRestore(app, "fault-claims-challenge");
  expect(await app.follow({ past: ["Rejected by Azure"] })).toBe("Completed");
  expect(sent).toHaveLength(2);
  expect(sent[0]).toBe(sent[1]);
  expect(idp.asked).toContain("refresh_token");
});

test("a second factor that the person must give, and the same bytes go out", async ({ app, page, idp, accessible }) => {
  const sent = triggers(page);
  await signIn(app, "ada");
  idp.strict(true);
  await startRestore(app, "fault-claims-challenge");
  await expect(page.getByRole("alert").filter({ hasText: "Sign in again to continue" })).toBeVisible();
  await accessible();
  expect(sent).toHaveLength(1);
  const [popup] = await Promise.all([page.waitForEvent("popup"), app.button("Sign in again").click()]);
  if (!popup.isClosed()) await popup.waitForEvent("close");
  expect(await app.follow({ past: ["Rejected by Azure"] })).toBe("Completed");
  expect(sent).toHaveLength(2);
  expect(sent[0]).toBe(sent[1]);
});

test("a token that expires while a restore is followed is renewed without a word", async ({ app, page, idp }) => {
  const sent = triggers(page);
  await signIn(app, "ada");
  await startRestore(app, "fault-token-expires-midway");
  expect(await app.follow()).toBe("Completed");
  expect(sent).toHaveLength(1);
  expect(idp.asked.filter((grant) => grant === "refresh_token")).toHaveLength(1);
});

test.describe("tokens that live for a little longer than MSAL.js trusts them", () => {
  test.use({ tokenSeconds: 303 });

  test("are renewed before they expire", async ({ app, page, idp }) => {
    await signIn(app, "ada");
    await app.heading("Choose a virtual machine").waitFor();
    await expect.poll(async () => {
      await app.button("Refresh").click();
      return idp.asked.filter((grant) => grant === "refresh_token").length;
    }, { timeout: 60_000 }).toBeGreaterThan(0);
    await expect(page.getByRole("alert")).toHaveCount(0);
  });
});

test("two accounts, one after the other, and signing out", async ({ app, page, context, site }) => {
  await signIn(app, "ada");
  await principal(page).click();
  await signIn(app, "bob", "Use another account");
  await expect(principal(page)).toHaveText(/^bob@example\.test/);
  const others = page.getByRole("table", { name: "Other accounts in this tab" });
  await others.getByRole("button", { name: "Use ada@example.test" }).click();
  await expect(principal(page)).toHaveText(/^ada@example\.test/);
  await page.getByRole("banner").getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: /sign me out/i }).click();
  await page.waitForURL((url) => url.href.startsWith(site.url));
  await expect(app.button("Sign in")).toBeVisible();
  await expect(principal(page)).toHaveCount(0);
  expect(await context.cookies(site.url)).toEqual([]);
});

test("tokens go to Azure Resource Manager alone, and stand nowhere", async ({ app, page, context, arm }) => {
  const bearers = [];
  const said = [];
  context.on("request", async (request) => {
    const token = (await request.allHeaders().catch(() => ({}))).authorization;
    if (token) bearers.push([token.slice("Bearer ".length), new URL(request.url()).origin]);
  });
  page.on("console", (message) => said.push(message.text()));
  await signIn(app, "ada");
  await startRestore(app, "web-01");
  expect(await app.follow()).toBe("Completed");
  await page.getByRole("link", { name: "Activity" }).click();
  await app.heading("Activity").waitFor();
  expect(bearers.length).toBeGreaterThan(5);
  expect(new Set(bearers.map(([, origin]) => origin))).toEqual(new Set([arm.origin]));
  const tokens = [...new Set(bearers.map(([token]) => token))];
  const elsewhere = await page.evaluate(() => JSON.stringify([{ ...localStorage }, document.cookie, location.href, document.documentElement.outerHTML]));
  const stored = elsewhere + (await everyRecord(page));
  const session = await page.evaluate(() => Object.entries({ ...sessionStorage }));
  for (const token of tokens) {
    expect(stored).not.toContain(token);
    expect(said.join()).not.toContain(token);
    for (const [key, value] of session) if (!key.startsWith("msal.")) expect(value).not.toContain(token);
  }
});

test.describe("with two tenants", () => {
  // The simulator's.
  const [contoso, fabrikam] = ["3c9e2f10-7d44-4c1b-9a35-5e0c0f7a1001", "8b51d7c2-02fe-4a9d-b1c6-64d2ab9f2002"];
  test.use({ tenants: [contoso, fabrikam] });

  test("one is switched to, and one that fails does not hide the others", async ({ app, page, accessible }) => {
    await signIn(app, "ada");
    await app.heading("Choose a virtual machine").waitFor();
    await expect(principal(page)).toHaveText("ada@example.test · Contoso");
    /** The subscriptions whose machines are listed. */
    const offered = async () => {
      await app.machinesRead();
      const cells = page.getByRole("table", { name: "Protected virtual machines" }).getByRole("row").locator("td:nth-of-type(2)");
      return [...new Set(await cells.allInnerTexts())];
    };
    const before = await offered();
    await principal(page).click();
    const tenants = page.getByRole("table", { name: "Tenants" });
    const [declined] = await Promise.all([page.waitForEvent("popup"), tenants.getByRole("button", { name: "Switch to Fabrikam" }).click()]);
    await declined.getByRole("button", { name: "Decline" }).click();
    await expect(tenants.getByRole("row", { name: /Fabrikam/ })).toContainText("declined");
    await expect(tenants.getByRole("row", { name: /Contoso/ })).toContainText("In use");
    await expect(principal(page)).toHaveText("ada@example.test · Contoso");
    await accessible();
    const [popup] = await Promise.all([page.waitForEvent("popup"), tenants.getByRole("button", { name: "Switch to Fabrikam" }).click()]);
    await signInAs(popup, "ada");
    await expect(principal(page)).toHaveText("ada@example.test · Fabrikam");
    await page.getByRole("link", { name: "Virtual machines" }).click();
    await app.heading("Choose a virtual machine").waitFor();
    await expect.poll(offered).not.toEqual(before);
    expect((await offered()).some((name) => before.includes(name))).toBe(false);
  });
});
