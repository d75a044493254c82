// A visitor has one whole release, whatever the host says of caching and whatever is copied over it: two builds, one after the other.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test as base } from "@playwright/test";
import { App } from "../support/app.mjs";
import { dist } from "../support/files.mjs";
import { guard } from "../support/guard.mjs";
import { modulePortal } from "../support/portal.mjs";
import { everyRecord } from "../support/records.mjs";
import { CACHING, SAYS, anotherRelease, filesOf, host } from "../support/release.mjs";
import { serve } from "../support/site.mjs";
import { accessToken } from "../support/token.mjs";

/** How long the page or its worker may wait for a host that does not answer. */
const SHORT_WAIT_MS = 10_000;
/** What a page says of a release that is gone from its host. */
const NEW = "A new version of VM Restore is available. Reload the page.";
const CAPTIVE = { status: 200, headers: { "Content-Type": "text/html" }, body: "<!doctype html><title>Hotel</title><h1>Log in to the network</h1>" };

const test = base.extend({
  /** The second release, made once for each worker of Playwright. */
  next: [async ({}, use) => {
    const release = anotherRelease();
    await use(release.folder);
    release.remove();
  }, { scope: "worker" }],

  /** A host of the first release. */
  site: async ({}, use) => {
    const site = await host({ folders: [dist], caching: CACHING["the documented headers"] });
    await use(site);
    await site.close();
  },

  /** Exceptions, violations of the policy and requests elsewhere: none, whatever else happens. */
  found: async ({ context, site }, use) => {
    const found = await guard(context, { origins: [site.origin] });
    await use(found);
    // The browser itself tells the console of each file that did not come, or was refused.
    const told = /^console: (Failed to (load|find a valid digest|fetch)|TypeError: Failed|Fetch API cannot load .* SRI's integrity checks failed)/;
    expect(found.filter((it) => !told.test(it) && !it.includes(NEW) && !it.includes("the site answers 404"))).toEqual([]);
  },
});

/** Which release a page is of: its document and the program that runs agree. */
async function releaseIn(page, next) {
  await page.getByRole("button", { name: "Start the demo" }).waitFor();
  const [document, text] = [await page.locator("#release").textContent(), await page.locator("#app").innerText()];
  const { release } = JSON.parse(document);
  const [mark] = Object.entries({ A: filesOf().release, B: filesOf(next).release }).find(([, id]) => id === release);
  expect(text, "the document and the program are of one release").toContain(SAYS[mark]);
  return mark;
}

/** The worker has kept the release that it was installed with. */
const kept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => active.state));

/** How many documents the page has begun to load. */
function loads(page) {
  let count = 0;
  page.on("request", (request) => (count += request.isNavigationRequest() && request.frame() === page.mainFrame() ? 1 : 0));
  return () => count;
}

for (const worker of ["allow", "block"]) {
  for (const [caching, headers] of Object.entries(CACHING)) {
    for (const left of [true, false]) {
      test.describe(`${caching}, ${worker === "allow" ? "with" : "without"} the worker, old files ${left ? "left" : "deleted"}`, () => {
        test.use({ serviceWorkers: worker });

        test("forward and back: each visit is one whole release, and a reload brings the new one", async ({ page, context, site, next, found: _ }) => {
          site.caching = headers;
          await page.goto(site.url);
          expect(await releaseIn(page, next)).toBe("A");
          if (worker === "allow") await kept(page);
          for (const [now, folders] of [["B", [next, dist]], ["A", [dist, next]]]) {
            site.folders = left ? folders : folders.slice(0, 1);
            const visit = await context.newPage();
            await visit.goto(site.url);
            // Whichever: it is whole. An old one says that it is.
            if ((await releaseIn(visit, next)) !== now && worker === "block") await expect(visit.getByRole("complementary", { name: "A new version" })).toHaveText(NEW);
            await visit.getByRole("button", { name: "Start the demo" }).click();
            // What a cache has kept of the old one need not be all of it.
            await expect(visit.getByRole("heading", { name: "Choose a virtual machine" }).or(visit.getByRole("alert").filter({ hasText: NEW }))).toBeVisible();
            await visit.close();
            const reloaded = async () => {
              await page.reload();
              expect(await releaseIn(page, next)).toBe(now);
            };
            // A worker may still be fetching the new one.
            await (worker === "allow" ? expect(reloaded).toPass() : reloaded());
          }
        });
      });
    }
  }
}

for (const [caching, headers] of Object.entries(CACHING)) {
  test(`${caching}: a changed configuration counts at the next visit`, async ({ page, context, site, next, found: _ }) => {
    site.caching = headers;
    await page.goto(site.url);
    await releaseIn(page, next);
    site.instead = (name) => (name === "config.json" ? { body: JSON.stringify({ cloud: "Renamed", clouds: [{ name: "Renamed", arm: "http://127.0.0.1:1" }] }) } : undefined);
    const visit = await context.newPage();
    await visit.goto(`${site.url}#/settings`);
    await expect(visit.getByText("Renamed")).toBeVisible();
    expect(site.asked.filter((name) => name === "config.json"), "one question each").toHaveLength(2);
  });
}

test.describe("without the worker", () => {
  test("a cache that has kept the page and not its files is renewed by the page itself, once", async ({ page, context, site, next, found: _ }) => {
    site.caching = (name) => ({ "Cache-Control": name === "index.html" ? "max-age=600" : "no-store" });
    await page.goto(site.url);
    await releaseIn(page, next);
    site.folders = [next];
    const visit = await context.newPage();
    const count = loads(visit);
    await visit.goto(site.url);
    expect(await releaseIn(visit, next)).toBe("B");
    expect(count()).toBe(2);
  });

  for (const [what, gone] of [["its first script", /^boot-/], ["its program", /^vm-restore-/]]) {
    test(`a site that never gets whole is told, and the page does not load without end: ${what}`, async ({ page, site, next, found: _ }) => {
      // Each time another release, and never the files of either.
      site.caching = () => ({ "Cache-Control": "no-store" });
      let turn = 0;
      site.folders = [dist, next];
      site.instead = (name) => {
        if (gone.test(name)) return { status: 404, body: "" };
        if (name === "index.html") site.folders.reverse(turn++);
      };
      const count = loads(page);
      await page.goto(site.url);
      await expect(page.getByRole("alert")).toContainText(NEW);
      expect(count()).toBe(2);
    });
  }

  for (const part of ["boot-", "vm-restore-.*\\.js", "vm-restore-.*\\.wasm", "app-"]) {
    test(`half copied: the missing file is named, and a reload helps although the host had its absence kept for a year: ${part}`, async ({ page, site, next, found: _ }) => {
      const name = Object.keys(filesOf(next).integrity).find((name) => new RegExp(`^${part}`).test(name));
      site.folders = [next];
      site.caching = () => ({ "Cache-Control": "public, max-age=31536000, immutable" });
      site.instead = (asked) => (asked === name ? { status: 404, body: "" } : undefined);
      await page.goto(site.url);
      await expect(page.getByRole("alert")).toContainText(`VM Restore couldn't be loaded (${name}: the site answers 404)`);
      site.instead = undefined;
      await page.reload();
      expect(await releaseIn(page, next)).toBe("B");
    });
  }

  test("a part that could not be fetched comes when it is asked for again, although its absence was to be kept for a year", async ({ page, site, found: _ }) => {
    const { script } = filesOf().parts.simulator;
    site.caching = () => ({ "Cache-Control": "public, max-age=31536000, immutable" });
    site.instead = (name) => (name === script ? { status: 404, body: "" } : undefined);
    const app = new App(page, site.url);
    await app.open();
    await app.button("Start the demo").click();
    await expect(page.getByRole("alert")).toContainText(`${script}: the site answers 404. Try again, or reload the page.`);
    site.instead = undefined;
    await app.startDemo();
  });

  test("an open tab whose further parts are gone says that there is a new version; its restores and drafts are there after the reload", async ({ page, site, next, found: _ }) => {
    site.caching = () => ({ "Cache-Control": "no-store" });
    site.instead = (name) => (name === "config.json" ? { body: JSON.stringify({ cloud: "AzureCloud", signIn: { clientId: "00000000-0000-0000-0000-000000000001" } }) } : undefined);
    const app = new App(page, site.url);
    await app.open();
    await app.startDemo();
    await app.openFirstVm();
    await app.openFirstPoint();
    await app.proposeDisks();
    await app.review();
    await app.start();
    await app.open("#/");
    await page.reload();
    site.folders = [next];
    const [saved, records] = [await page.evaluate(() => ({ ...localStorage })), await everyRecord(page)];
    expect(records).toContain("recoveryPoints");
    await app.button("Start the demo").click();
    await expect(page.getByRole("alert").first()).toContainText(NEW);
    await app.button("Sign in").click();
    await expect(page.getByText(NEW).last()).toBeVisible();
    expect([await page.evaluate(() => ({ ...localStorage })), await everyRecord(page)]).toEqual([saved, records]);
    await page.reload();
    expect(await releaseIn(page, next)).toBe("B");
    await app.startDemo();
    await app.open("#/restores");
    await expect(page.getByRole("main").getByRole("link").first()).toBeVisible();
    await page.goto("about:blank");
    await page.goto(site.url);
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(expect.arrayContaining(Object.keys(saved)));
  });
});

test.describe("with the worker", () => {
  test.use({ serviceWorkers: "allow" });

  /** The page has been there twice: its worker answers. */
  async function visited(page, site, next) {
    await page.goto(site.url);
    await releaseIn(page, next);
    await kept(page);
    await page.reload();
    await releaseIn(page, next);
  }

  const outages = {
    "answers 503": () => ({ status: 503, body: "<h1>Service unavailable</h1>" }),
    "is a captive portal": () => CAPTIVE,
    "does not answer": () => "hang",
    "has been emptied": () => ({ status: 404, body: "" }),
  };
  for (const [what, instead] of Object.entries(outages)) {
    test(`the page and its demo start while the host ${what}`, async ({ page, site, next, found: _ }) => {
      await visited(page, site, next);
      site.instead = instead;
      await page.goto("about:blank");
      await page.goto(site.url, { timeout: SHORT_WAIT_MS });
      expect(await releaseIn(page, next)).toBe("A");
      await new App(page, site.url).startDemo();
    });
  }

  test("a site without a configuration is kept, too", async ({ page, site, next, found: _ }) => {
    site.instead = (name) => (name === "config.json" ? { status: 404, body: "" } : undefined);
    await visited(page, site, next);
    site.instead = () => ({ status: 503, body: "" });
    await page.reload();
    expect(await releaseIn(page, next)).toBe("A");
    await new App(page, site.url).startDemo();
  });

  test("half copied in any order: the old release stays until the new one is whole", async ({ page, site, next, found: _ }) => {
    await visited(page, site, next);
    // As if they were copied one by one, the document first.
    const absent = new Set(filesOf(next).offline);
    site.folders = [next];
    site.instead = (name) => (absent.has(name) ? { status: 404, body: "" } : undefined);
    for (const name of [...absent].reverse()) {
      await page.reload();
      expect(await releaseIn(page, next), `${absent.size} files are missing`).toBe("A");
      absent.delete(name);
    }
    site.instead = undefined;
    await expect(async () => {
      await page.reload();
      expect(await releaseIn(page, next)).toBe("B");
    }).toPass();
    site.instead = () => "hang";
    await page.reload();
    expect(await releaseIn(page, next), "kept whole").toBe("B");
    await new App(page, site.url).startDemo();
  });

  test("a worker that is copied first keeps no mixed release", async ({ page, site, next, found: _ }) => {
    await visited(page, site, next);
    site.folders = [dist];
    site.instead = (name) => (name === "sw.js" ? { body: `// another worker\n${readFileSync(join(next, "sw.js"))}` } : undefined);
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration.update();
      const coming = registration.installing ?? registration.waiting;
      if (coming?.state === "installing") await new Promise((done) => coming.addEventListener("statechange", done, { once: true }));
    });
    site.folders = [next];
    site.instead = undefined;
    await page.goto("about:blank");
    await expect(async () => {
      await page.goto(site.url);
      expect(await releaseIn(page, next)).toBe("B");
      await page.reload();
    }).toPass();
    site.instead = () => "hang";
    await page.reload();
    expect(await releaseIn(page, next)).toBe("B");
    await new App(page, site.url).startDemo();
  });

  test("an open tab goes on with its own parts when the host has deleted them", async ({ page, context, site, next, found: _ }) => {
    site.caching = () => ({ "Cache-Control": "no-store" });
    await visited(page, site, next);
    site.folders = [next];
    const visit = await context.newPage();
    await expect(async () => {
      await visit.goto(site.url);
      expect(await releaseIn(visit, next)).toBe("B");
    }).toPass();
    expect(await releaseIn(page, next)).toBe("A");
    await new App(page, site.url).startDemo();
  });
});

test.describe("in a portal", () => {
  const around = async (site, use) => {
    const policy = `default-src 'none'; script-src 'unsafe-inline' ${site.origin} 'wasm-unsafe-eval'; style-src 'unsafe-inline' ${site.origin}; connect-src *; img-src data:`;
    const portal = await serve({ pages: { "/": modulePortal(site.url) }, headers: { "Content-Security-Policy": policy } });
    await use(portal);
    await portal.close();
  };
  const mounted = (page) => page.evaluate(() => globalThis.show("one").then(() => "mounted", ({ message }) => message));

  test("what was checked is what runs: each module is fetched once", async ({ page, site }) => {
    const { parts } = filesOf();
    const dests = [];
    site.instead = (name, request) => {
      if (name === parts.app.script) dests.push(request.headers["sec-fetch-dest"]);
    };
    await page.addInitScript((token) => (globalThis.token = token), accessToken());
    await around(site, async (portal) => {
      await page.goto(portal.url);
      await page.waitForFunction(() => globalThis.ready);
      expect(await mounted(page)).toBe("mounted");
    });
    expect(dests).toEqual(["script"]);
  });

  for (const turn of ["first", "later"]) {
    test(`a host that answers with other bytes the ${turn} time gets nothing run`, async ({ page, site }) => {
      const { parts, msal } = filesOf();
      const times = new Map();
      site.caching = () => ({ "Cache-Control": "no-store" });
      site.instead = (name) => {
        if (![parts.app.script, msal].includes(name)) return undefined;
        times.set(name, (times.get(name) ?? 0) + 1);
        const swapped = turn === "first" || times.get(name) > 1;
        return swapped ? { body: "globalThis.harmed = 1; export default async () => {}; export const begin = () => ({ go() {}, end() {} });" } : undefined;
      };
      await page.addInitScript((token) => (globalThis.token = token), accessToken());
      await around(site, async (portal) => {
        await page.goto(portal.url);
        await page.waitForFunction(() => globalThis.ready);
        const told = await mounted(page);
        expect(told).toContain(turn === "first" ? `${parts.app.script}: it doesn't match this release` : "mounted");
        expect(await page.evaluate(() => globalThis.harmed)).toBeUndefined();
      });
    });
  }

  test("an entry that a cache has kept says that there is a new version, and the reload brings it", async ({ page, site, next }) => {
    site.caching = (name) => ({ "Cache-Control": name === "vm-restore.js" ? "max-age=600" : "no-store" });
    await page.addInitScript((token) => (globalThis.token = token), accessToken());
    await around(site, async (portal) => {
      await page.goto(portal.url);
      await page.waitForFunction(() => globalThis.ready);
      expect(await mounted(page)).toBe("mounted");
      site.folders = [next];
      await page.goto("about:blank");
      await page.goto(portal.url);
      await page.waitForFunction(() => globalThis.ready);
      expect(await mounted(page)).toBe(NEW);
      await page.reload();
      await page.waitForFunction(() => globalThis.ready);
      expect(await mounted(page)).toBe("mounted");
      expect(site.asked).toContain(filesOf(next).parts.app.script);
    });
  });
});
