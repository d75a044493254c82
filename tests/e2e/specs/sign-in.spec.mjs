// Sign-in: real MSAL.js against a real OpenID server, and the simulator of Azure Resource Manager on an origin of its own.

import { App } from "../support/app.mjs";
import { configFor } from "../support/config.mjs";
import { expect, test as base } from "../support/fixtures.mjs";
import { guard } from "../support/guard.mjs";
import { CLIENT, SCOPE, identityProvider, signInAs } from "../support/idp.mjs";
import { serve } from "../support/site.mjs";
import { simulator } from "../support/simulator.mjs";

const QUICK = ["--progress", "per-read:3", "--retry-after", "1", "--expose", "all"];

const test = base.extend({
  tokenSeconds: [3600, { option: true }],

  arm: async ({}, use) => {
    const arm = await simulator(...QUICK);
    await use(arm);
    await arm.stop();
  },

  /** The page's server; its configuration is told once the OpenID server knows where the page is. */
  site: async ({}, use) => {
    const config = {};
    const site = await serve({ config });
    await use({ ...site, configure: (told) => Object.assign(config, told) });
    await site.close();
  },

  idp: async ({ site, arm, tokenSeconds }, use) => {
    const idp = await identityProvider([site.url], { tokenSeconds });
    site.configure(configFor(arm.origin, { authority: idp.origin, clientId: CLIENT, scope: SCOPE }));
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
  await app.button("Sign in in this window").click();
  await signInAs(page, "bob");
  await app.heading(/^Jobs/).waitFor();
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
  expect(kept.slice(0, 2).join()).not.toMatch(/secret|credential|accesstoken|ada@/i);
});
