// One build on every host: below any path, behind nginx, without a network, and with nothing but its own bytes.

import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { App } from "../support/app.mjs";
import { configFor } from "../support/config.mjs";
import { expect, test } from "../support/fixtures.mjs";
import { dist } from "../support/files.mjs";
import { guard } from "../support/guard.mjs";
import { serve } from "../support/site.mjs";

test.describe("below a path", () => {
  for (const [base, name] of [["/", "index.html"], ["/tools/vm-restore/", ""], ["/a%20b/", "index.html"]]) {
    test(`${base}${name}`, async ({ page, context }) => {
      const site = await serve({ base: decodeURI(base) });
      const found = await guard(context, { origins: [site.origin] });
      const app = new App(page, `${site.origin}${base}${name}`, found);
      await app.open("#/restores");
      await expect(app.heading("Restores")).toBeVisible();
      await app.open();
      await app.startDemo();
      await app.openFirstVm();
      expect(found).toEqual([]);
      await site.close();
    });
  }
});

test.describe("the policy", () => {
  /** What becomes of a call from the page: an answer, or the page's own refusal. */
  const call = (page, url) => page.evaluate(async (url) => {
    const refused = new Promise((told) => document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => told(effectiveDirective), { once: true }));
    // Of a refused call the page hears twice, in either order.
    return fetch(url, { mode: "no-cors" }).then(() => "answered", () => refused);
  }, url);

  test("lets the page reach its own site and the configured cloud alone", async ({ page, context }) => {
    const stranger = await serve();
    const arm = await serve();
    const site = await serve({ config: configFor(arm.origin) });
    await new App(page, site.url).open();
    expect(await call(page, arm.url)).toBe("answered");
    expect(await call(page, `${site.url}config.json`)).toBe("answered");
    expect(await call(page, stranger.url)).toBe("connect-src");
    for (const one of [stranger, arm, site]) await one.close();
    await context.clearCookies();
  });

  for (const [what, config] of [["is not JSON", "{"], ["names no cloud", '{"cloud": "Mars"}'], ["tries to widen it", '{"cloud":"T","clouds":[{"name":"T","arm":"https://a.example; connect-src *"}]}']]) {
    test(`lets it reach nothing else where the configuration ${what}`, async ({ page }) => {
      const stranger = await serve();
      const site = await serve({ pages: { "/config.json": config } });
      await new App(page, site.url).open();
      await expect(page.getByRole("alert")).toContainText("line 1");
      expect(await call(page, stranger.url)).toBe("connect-src");
      for (const one of [stranger, site]) await one.close();
    });
  }

  test("lets nobody run what is not part of the build", async ({ app, page, found }) => {
    const refused = await page.evaluate(async () => {
      const told = [];
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => told.push(effectiveDirective));
      const attempts = [
        () => document.body.append(Object.assign(document.createElement("script"), { textContent: "globalThis.ran = 1" })),
        () => (document.createElement("div").innerHTML = "<img src=x onerror='globalThis.ran = 1'>"),
      ];
      for (const attempt of attempts) {
        try {
          await attempt();
          told.push("not refused");
        } catch (error) {
          told.push(error.name);
        }
      }
      return [told, globalThis.ran];
    });
    expect(refused[1]).toBeUndefined();
    expect(refused[0].filter((said) => said === "TypeError")).toHaveLength(2);
    found.length = 0;
    await app.startDemo();
  });
});

test.describe("a file that was changed on its way", () => {
  const files = readdirSync(dist);
  const needed = files.filter((name) => /^(vm-restore-.*|program|frame|boot-.*)\.(js|wasm)$/.test(name) && !/^vm-restore\.js$/.test(name));

  for (const name of needed) {
    test(`is refused: ${name.replace(/-[0-9a-f]{8,16}/, "")}`, async ({ page, site, found }) => {
      const bytes = readFileSync(join(dist, name));
      // A space at the end changes nothing but the bytes.
      const changed = Buffer.concat([bytes, Buffer.from(name.endsWith(".js") ? " " : [0, 1, 0])]);
      await page.route(`**/${name}`, (route) => route.fulfill({ body: changed, contentType: name.endsWith(".js") ? "text/javascript" : "application/wasm" }));
      await page.goto(site.url);
      await expect(page.getByText(/VM Restore (could not be loaded|has not started)/)).toBeVisible({ timeout: 15_000 });
      await expect(page.getByRole("button", { name: "Start the demo" })).toHaveCount(0);
      found.length = 0; // the browser tells the console as well
    });
  }

  test("is refused: the simulator and the sign-in", async ({ app, page, found }) => {
    await page.route(/arm-sim-page-[0-9a-f]{8,16}\.js/, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: `${await answer.text()} ` });
    });
    await app.button("Start the demo").click();
    await expect(page.getByText("The demo could not be loaded")).toBeVisible();
    found.length = 0;
  });
});

test.describe("without a network", () => {
  test.use({ serviceWorkers: "allow" });

  test("the demo starts once the page has been there", async ({ app, page, context, found }) => {
    await page.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => active.state));
    await context.setOffline(true);
    await page.reload();
    await app.startDemo();
    await app.openFirstVm();
    await context.setOffline(false);
    expect(found.filter((it) => !it.includes("ERR_INTERNET_DISCONNECTED"))).toEqual([]);
    found.length = 0;
  });

  test("a changed configuration counts at the next visit", async ({ page, found, site: _ }) => {
    const config = configFor("http://127.0.0.1:1");
    const site = await serve({ config });
    await new App(page, site.url).open();
    await page.evaluate(() => navigator.serviceWorker.ready);
    config.cloud = "Renamed";
    config.clouds[0].name = "Renamed";
    await page.goto(`${site.url}#/settings`);
    await page.reload();
    await expect(page.getByText("Renamed")).toBeVisible();
    found.length = 0; // another site than the guard's
    await site.close();
  });
});

test("the sample for nginx serves it as it should be served", async ({ page, context }) => {
  const nginx = process.env.NGINX;
  test.skip(!nginx, "SKIPPED: there is no nginx");
  const folder = mkdtempSync(join(tmpdir(), "nginx-"));
  const port = await new Promise((free) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => free(port));
    });
  });
  const sample = readFileSync(join(dirname(dist), "docs/hosting/nginx.conf"), "utf8");
  const conf = sample.replace("127.0.0.1:8080", `127.0.0.1:${port}`).replace("root dist;", `root ${dist};`)
    
    // As root it would serve as somebody who may not read the checkout.
    .replace("events {}", `${process.getuid() === 0 ? "user root;" : ""} daemon off;\nevents {}`)
    .replace("http {", `http {\n${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join("\n")}`);
  writeFileSync(join(folder, "nginx.conf"), conf);
  const args = ["-p", folder, "-c", join(folder, "nginx.conf")];
  execFileSync(nginx, [...args, "-t"], { stdio: "pipe" });
  const child = spawn(nginx, args, { stdio: "ignore" });
  try {
    const url = `http://127.0.0.1:${port}/`;
    await expect.poll(() => fetch(url).then(({ status }) => status, () => 0)).toBe(200);
    const head = async (name) => (await fetch(url + name)).headers;
    const wasm = readdirSync(dist).find((name) => /^vm-restore-.*\.wasm$/.test(name));
    expect((await head(wasm)).get("content-type")).toBe("application/wasm");
    expect((await head(wasm)).get("cache-control")).toContain("immutable");
    for (const name of ["", "config.json", "files.json", "sw.js", "program.js"]) expect((await head(name)).get("cache-control")).toBe("no-cache");
    expect((await head("")).get("content-security-policy")).toBe("frame-ancestors 'self'");
    expect((await head("")).get("x-content-type-options")).toBe("nosniff");
    expect((await head("redirect.html")).get("cross-origin-opener-policy")).toBeNull();
    const found = await guard(context, { origins: [new URL(url).origin] });
    const app = new App(page, url, found);
    await app.open();
    await app.startDemo();
    expect(found).toEqual([]);
  } finally {
    child.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  }
});
