// Four journeys in other browsers than Chromium, in which the specs beside this folder run. `cargo xtask test --journeys` runs them alone.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { configFor } from "../support/config.mjs";
import { CLIENT, SCOPE, identityProvider } from "../support/idp.mjs";
import { modulePortal } from "../support/portal.mjs";
import { simulator } from "../support/simulator.mjs";
import { serve } from "../support/site.mjs";
import { accessToken } from "../support/token.mjs";
import { BROWSERS, browse } from "./driven.mjs";
import { Screen } from "./screen.mjs";
import { ends, restore, review } from "./steps.mjs";

const QUICK = ["--progress", "per-read:3", "--retry-after", "1", "--expose", "all"];
/** How long a journey may take on a busy machine, in milliseconds. */
const LONGEST = 180_000;

for (const [name, { driver: program }] of Object.entries(BROWSERS)) {
  describe(name, () => {
    const options = { timeout: LONGEST, skip: !program && `${name} or its driver is not on this machine` };
    let browser;
    let driver;
    before(async () => {
      if (!program) return;
      browser = await browse(name);
      driver = browser.driver;
      console.log(`${name} ${browser.version}`);
    }, options);
    after(() => browser?.stop());

    /** Closes what a journey has opened, whatever becomes of it. */
    const opened = (t, one) => {
      t.after(() => (one.close ?? one.stop)());
      return one;
    };

    test("the demo from start to end, in one tab at a time", options, async (t) => {
      const site = opened(t, await serve());
      const screen = new Screen(driver, { origins: [site.origin] });
      await screen.open(site.url);
      // Without one of these the page would have to say what it cannot do.
      const offers = await driver.executeScript(() => [isSecureContext, "serviceWorker" in navigator, "locks" in navigator, "BroadcastChannel" in window, "subtle" in crypto]);
      assert.deepEqual(offers, [true, true, true, true, true]);
      await screen.press("button", "Start the demo");
      await review(screen);
      const first = await driver.getWindowHandle();
      await driver.switchTo().newWindow("tab");
      await screen.open(site.url);
      await screen.press("button", "Start the demo");
      await screen.says("The demo is open in another tab.");
      await screen.isClean();
      await driver.close();
      await driver.switchTo().window(first);
      await restore(screen);
      await screen.isClean();
      // What the browser keeps outlives the page.
      await screen.press("link", "Restores");
      await screen.heading("Restores");
      await driver.navigate().refresh();
      await screen.guard();
      await screen.heading("Restores");
      await screen.says("Completed");
      await screen.isClean();
    });

    test("what must never happen in a page is seen", options, async (t) => {
      const site = opened(t, await serve());
      const screen = new Screen(driver, { origins: [site.origin] });
      await screen.open(site.url);
      await screen.isClean();
      await driver.executeScript(() => {
        document.body.append(Object.assign(new Image(), { src: "http://localhost:9/picture.png", alt: "" }));
        window.dispatchEvent(new ErrorEvent("error", { message: "told by the test" }));
      });
      await screen.until("what was found", () => driver.executeScript(() => window.found.length === 2));
      await assert.rejects(screen.isClean(), ({ actual }) => actual.some((it) => it.includes("img-src refused http://localhost:9")) && actual.includes("uncaught: told by the test"));
    });

    test("a live restore over Azure Resource Manager on another origin", options, async (t) => {
      const arm = opened(t, await simulator(...QUICK));
      const site = opened(t, await serve({ config: configFor(arm.origin) }));
      const screen = new Screen(driver, { origins: [site.origin, arm.origin] });
      await screen.open(site.url);
      await screen.type("textbox", "Access token", accessToken());
      await screen.press("button", "Connect");
      await review(screen);
      await restore(screen);
      await screen.isClean();
    });

    test("sign-in by redirect at an OpenID server, and back to where one was", options, async (t) => {
      const arm = opened(t, await simulator(...QUICK));
      const config = {};
      const site = opened(t, await serve({ config }));
      const idp = opened(t, await identityProvider([site.url]));
      Object.assign(config, configFor(arm.origin, { authority: idp.origin, clientId: CLIENT, scope: SCOPE }));
      const screen = new Screen(driver, { origins: [site.origin, arm.origin, idp.origin] });
      await screen.open(`${site.url}#/jobs`);
      await screen.press("button", "Sign in without a pop-up");
      await screen.type("textbox", "Name", "bob");
      await screen.press("button", "Continue");
      await screen.heading(/^Backup jobs/);
      await screen.guard();
      await screen.find("link", /^bob@example\.test/);
      assert.equal(await driver.getCurrentUrl(), `${site.url}#/jobs`);
      await screen.press("link", "Virtual machines");
      await review(screen);
      await restore(screen);
      await screen.isClean();
      assert.ok(idp.asked.includes("authorization_code"));
    });

    test("the module in another site's page, with that page's token", options, async (t) => {
      const arm = opened(t, await simulator(...QUICK));
      const site = opened(t, await serve({ config: configFor(arm.origin), headers: { "Access-Control-Allow-Origin": "*" } }));
      // What a careful portal allows, and no more.
      const policy = `default-src 'none'; script-src 'unsafe-inline' ${site.origin} 'wasm-unsafe-eval'; style-src 'unsafe-inline'; connect-src ${site.origin} ${arm.origin}; img-src data:`;
      const page = modulePortal(site.url, { scopes: [`${arm.origin}/user_impersonation`] });
      const portal = opened(t, await serve({ pages: { "/": page }, headers: { "Content-Security-Policy": policy } }));
      const screen = new Screen(driver, { origins: [portal.origin, site.origin, arm.origin], host: "one" });
      await screen.open(portal.url);
      await screen.until("module in the portal", () => driver.executeScript(() => window.ready));
      await driver.executeAsyncScript((token, done) => {
        window.token = token;
        window.show("one").then(() => done(), (error) => done(String(error)));
      }, accessToken()).then((told) => assert.equal(told, null));
      await screen.find("link", /operator@example\.com/);
      await review(screen);
      await restore(screen);
      assert.equal(await driver.getCurrentUrl(), portal.url, "the portal's address is the portal's");
      const told = await driver.executeScript(() => window.events.filter(([, { type }]) => type === "restoreEnded").map(([, { detail }]) => detail.outcome));
      assert.deepEqual(told, ["completed"], "the portal is told once");
      await screen.isClean();
    });
  });
}
