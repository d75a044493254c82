// One build on every host: below any path, behind nginx, without a network, and with nothing but its own bytes.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { integrityOf, releaseElement } from "../../../xtask/finalize-dist/page.mjs";
import { App } from "../support/app.mjs";
import { configFor } from "../support/config.mjs";
import { expect, test } from "../support/fixtures.mjs";
import { dist } from "../support/files.mjs";
import { guard } from "../support/guard.mjs";
import { certificate } from "../support/certificate.mjs";
import { partitioned } from "../support/partitioned.mjs";
import { framePortal, modulePortal } from "../support/portal.mjs";
import { altered, filesOf, plainName } from "../support/release.mjs";
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
    // The browser tells of both on the console, too, when it comes to it.
    await expect.poll(() => found.filter((said) => said.includes("trusted-types-sink")).length).toBe(2);
    found.length = 0;
    await app.startDemo();
  });
});

test.describe("a file that was changed on its way is refused", () => {
  const files = filesOf();
  /** A file with other bytes that would do the same. */
  const change = (page, name) => page.route((url) => url.pathname === `/${name}`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: altered(name, await answer.body(), "changed") });
  });
  // Pictures run nothing, and no browser asks an icon for its hash.
  const names = Object.keys(files.integrity).filter((name) => !name.endsWith(".svg"));
  const [simulator, signIn] = [files.parts.simulator, files.parts.signIn].map(({ script, wasm }) => [script, wasm]);

  test("and there is no file that nothing refuses", () => {
    // The documents, which name the others; what a portal names itself; and what nobody runs.
    const others = ["index.html", "redirect.html", "vm-restore.js", "host.js", "config.json", ...Object.keys(files.integrity)];
    const unknown = readdirSync(dist).filter((name) => !others.includes(name) && !/\.(d\.ts|txt|json)$/.test(name));
    expect(unknown).toEqual([]);
  });

  for (const name of names.filter((name) => ![...simulator, ...signIn, files.msal, "sw.js"].includes(name))) {
    test(`before the page starts: ${plainName(name)}`, async ({ page, site, found }) => {
      await change(page, name);
      await page.goto(site.url);
      await expect(page.getByRole("alert")).toContainText(`VM Restore couldn't be loaded (${name}: it doesn't match this release`);
      await expect(page.getByRole("button", { name: "Start the demo" })).toHaveCount(0);
      found.length = 0; // the browser tells the console as well
    });
  }

  for (const name of simulator) {
    test(`when the demo is started: ${plainName(name)}`, async ({ app, page, found }) => {
      await change(page, name);
      await app.button("Start the demo").click();
      await expect(page.getByRole("alert")).toContainText("Couldn't load the demo");
      await expect(page.getByRole("alert")).toContainText(`${name}: it doesn't match this release`);
      found.length = 0;
    });
  }

  for (const name of [...signIn, files.msal]) {
    test(`when somebody signs in: ${plainName(name)}`, async ({ page, found, site: _ }) => {
      const site = await serve({ config: { cloud: "AzureCloud", signIn: { clientId: "00000000-0000-0000-0000-000000000001" } } });
      await change(page, name);
      const app = new App(page, site.url);
      await app.open();
      await app.button("Sign in").click();
      await expect(page.getByText(`${name}: it doesn't match this release`)).toBeVisible();
      found.length = 0;
      await site.close();
    });
  }

  test("the service worker is not registered", async ({ page, site, found }) => {
    await page.addInitScript(() => {
      globalThis.registered = [];
      navigator.serviceWorker.register = async (url) => void globalThis.registered.push(String(url));
    });
    const asked = page.waitForResponse((answer) => answer.url().endsWith("/sw.js"));
    await change(page, "sw.js");
    await new App(page, site.url).open();
    await (await asked).finished();
    await page.evaluate(() => fetch("sw.js")); // a turn later than the page's own
    expect(await page.evaluate(() => globalThis.registered)).toEqual([]);
    await page.unrouteAll();
    await page.reload();
    await expect.poll(() => page.evaluate(() => globalThis.registered)).toEqual([`${site.url}sw.js`]);
    found.length = 0;
  });

  test("the list itself: it stands in the document, and nothing else is asked for one", async ({ page, site, found, app: _ }) => {
    const asked = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname.slice(1)));
    const named = new Set([...Object.keys(files.integrity), "config.json", ""]); // the document itself, to see whether it is still the site's
    expect(asked.filter((name) => !named.has(name))).toEqual([]);
    // A list whose hash of one file was changed fits no file.
    const text = readFileSync(join(dist, "index.html"), "utf8");
    const { app } = files.parts;
    await page.route(site.url, (route) => route.fulfill({ body: text.replace(releaseElement(files), releaseElement({ ...files, parts: { ...files.parts, app: { ...app, wasm: files.parts.simulator.wasm } } })), contentType: "text/html" }));
    await page.goto(site.url);
    await expect(page.getByRole("alert")).toContainText("VM Restore couldn't be loaded");
    found.length = 0;
  });

  test("in a portal that pins vm-restore.js: the entry", async ({ page, found, site: _ }) => {
    const site = await serve({ headers: { "Access-Control-Allow-Origin": "*" } });
    const pin = { integrity: { [`${site.url}vm-restore.js`]: integrityOf(readFileSync(join(dist, "vm-restore.js"))) } };
    const pinned = modulePortal(site.url).replace("<script type", `<script type="importmap">${JSON.stringify(pin)}</script><script type`);
    const portal = await serve({ pages: { "/": pinned } });
    await page.goto(portal.url);
    await page.waitForFunction(() => globalThis.ready);
    await change(page, "vm-restore.js");
    await page.goto(portal.url);
    await page.waitForLoadState("load");
    expect(await page.evaluate(() => globalThis.ready)).toBeUndefined();
    found.length = 0;
    for (const one of [site, portal]) await one.close();
  });

  for (const name of [...Object.values(files.parts.app).filter((name) => typeof name === "string"), files.style]) {
    test(`in a portal: ${plainName(name)}`, async ({ page, found, site: _ }) => {
      const site = await serve({ headers: { "Access-Control-Allow-Origin": "*" } });
      const portal = await serve({ pages: { "/": modulePortal(site.url) } });
      await change(page, name);
      await page.goto(portal.url);
      await page.waitForFunction(() => globalThis.ready);
      expect(await page.evaluate(() => globalThis.show("one").then(() => "mounted", ({ message }) => message))).toContain(name);
      found.length = 0;
      for (const one of [site, portal]) await one.close();
    });
  }
});

test.describe("a file of the wrong type is named", () => {
  const files = filesOf();
  const wrong = async (page, name, type) => page.route((url) => url.pathname === `/${name}`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, headers: { ...answer.headers(), "content-type": type, "x-content-type-options": "nosniff" } });
  });
  const [boot] = Object.keys(files.integrity).filter((name) => name.startsWith("boot-"));

  for (const name of [boot, files.parts.app.script, files.style]) {
    test(`and not run: ${plainName(name)}`, async ({ page, site, found }) => {
      await wrong(page, name, "text/plain");
      await page.goto(site.url);
      const told = page.getByRole("alert");
      await expect(told).toContainText(`${name}: the site sends it as text/plain`);
      expect(await page.evaluate(() => performance.now()), "long before the late message").toBeLessThan(5_000);
      found.length = 0;
    });
  }

  for (const [name, type] of [[files.parts.app.wasm, "application/octet-stream"], ["config.json", "text/plain"]]) {
    test(`and used all the same: ${plainName(name)}`, async ({ page, site, found, accessible }) => {
      await wrong(page, name, type);
      await new App(page, site.url).open();
      await expect(page.getByRole("complementary", { name: "For the site owner" })).toContainText(`${name}: the site sends it as ${type}`);
      await expect(page.getByRole("button", { name: "Start the demo" })).toBeVisible();
      await accessible();
      found.length = 0;
    });
  }
});

test.describe("without a secure context", () => {
  const SENTENCE = "VM Restore needs a secure context: ";

  test("a page over plain http says what is missing", async () => {
    const browser = await partitioned();
    const site = await serve({ host: "plain.test" });
    const page = await browser.context.newPage();
    await page.goto(site.url);
    await expect(page.getByRole("alert")).toContainText(`${SENTENCE}HTTPS or loopback.`);
    await expect(page.getByRole("alert")).toContainText("Nothing was sent to Azure.");
    await expect(page.getByText("Loading")).toHaveCount(0);
    await browser.close();
    await site.close();
  });

  test("so does one in a frame of a page over plain http, and the module in such a page", async () => {
    const browser = await partitioned();
    const site = await serve({ host: "app.test", tls: certificate(["app.test"]), headers: { "Access-Control-Allow-Origin": "*" } });
    const portal = await serve({ host: "portal.test", pages: { "/frame": framePortal(site.url), "/module": modulePortal(site.url) } });
    const page = await browser.context.newPage();
    await page.goto(`${portal.url}frame`);
    await expect(page.frameLocator("iframe").getByRole("alert")).toContainText(`${SENTENCE}the embedding page must be served over HTTPS`);
    await page.goto(`${portal.url}module`);
    await page.waitForFunction(() => globalThis.ready);
    expect(await page.evaluate(() => globalThis.show("one").then(() => "mounted", ({ message }) => message))).toContain(SENTENCE);
    await browser.close();
    for (const one of [site, portal]) await one.close();
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

test.describe("the copying of docs/hosting.md", () => {
  const { integrity } = filesOf();
  const hashed = Object.keys(integrity).filter((name) => name !== "sw.js").sort();
  const blocks = readFileSync(join(dirname(dist), "docs/hosting.md"), "utf8").split("## A new version")[1].split("```sh\n").slice(1).map((block) => block.split("```")[0].trim());

  /** Runs `script` where `dist` is and gives what lies in `into` then. */
  function run(folder, script, into) {
    execFileSync("sh", ["-euc", script], { cwd: folder, stdio: "pipe" });
    return readdirSync(join(folder, into)).sort();
  }

  /** A folder with the build and with `SITE`, which has a configuration of its own. */
  function place(use) {
    const folder = mkdtempSync(join(tmpdir(), "copy-"));
    cpSync(dist, join(folder, "dist"), { recursive: true });
    mkdirSync(join(folder, "SITE"));
    writeFileSync(join(folder, "SITE/config.json"), "own");
    use(folder);
    rmSync(folder, { recursive: true, force: true });
  }

  for (const [tool, number] of [["cp", 0], ["rsync", 1]]) {
    test(`by ${tool}: names made of content first, the page and its worker last, and its own configuration stays`, () => {
      const has = spawnSync(tool, ["--version"]).status === 0;
      test.skip(!has, `SKIPPED: there is no ${tool}`);
      const lines = blocks[number].split("\n").map((line) => line.replace("HOST:SITE", "SITE"));
      expect(lines).toHaveLength(3);
      place((folder) => {
        const after = lines.map((line) => run(folder, line, "SITE"));
        expect(after[0]).toEqual(expect.arrayContaining(hashed));
        for (const early of after.slice(0, 2)) for (const name of ["index.html", "sw.js"]) expect(early).not.toContain(name);
        for (const name of ["redirect.html", "vm-restore.js", "host.js"]) expect(after[0]).not.toContain(name);
        expect(after[1]).toEqual(expect.arrayContaining(["redirect.html", "vm-restore.js", "host.js"]));
        expect(after[2]).toEqual(readdirSync(dist).sort());
        expect(readFileSync(join(folder, "SITE/config.json"), "utf8")).toBe("own");
      });
    });
  }

  test("to Azure Storage: the same, each with its own caching", () => {
    place((folder) => {
      run(folder, `az() { echo "$@" >> calls; }\n${blocks[2]}`, "SITE");
      const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
      const sent = calls.map((call) => [/--source (\S+)/.exec(call)[1], /--content-cache-control (.*)$/.exec(call)[1]]);
      expect(sent).toEqual([["stage/1", "public, max-age=31536000, immutable"], ["stage/2", "no-cache"], ["stage/3", "no-cache"]]);
      const staged = (name) => readdirSync(join(folder, "stage", name)).sort();
      expect(staged("1")).toEqual(hashed);
      expect(staged("3")).toEqual(["index.html", "sw.js"]);
      expect([...staged("1"), ...staged("2"), ...staged("3"), "config.json"].sort()).toEqual(readdirSync(dist).sort());
    });
  });
});

test.describe("the sample for nginx", () => {
  const { NGINX } = process.env;
  test.skip(!NGINX, "SKIPPED: there is no nginx");

  /** nginx with the sample, over a copy of the build in `tools/` and in the root itself. */
  async function nginx(use) {
    const folder = mkdtempSync(join(tmpdir(), "nginx-"));
    const port = await new Promise((free) => {
      const server = createServer().listen(0, "127.0.0.1", () => {
        const { port } = server.address();
        server.close(() => free(port));
      });
    });
    const root = join(folder, "root");
    cpSync(dist, root, { recursive: true });
    cpSync(dist, join(root, "tools"), { recursive: true });
    const sample = readFileSync(join(dirname(dist), "docs/hosting/nginx.conf"), "utf8");
    writeFileSync(join(folder, "vm-restore.conf"), sample.replace("127.0.0.1:8080", `127.0.0.1:${port}`).replace("root dist;", `root ${root};`));
    // What a distribution's nginx.conf is around it. As root it would serve as somebody who may not read the folder.
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join("\n");
    writeFileSync(join(folder, "nginx.conf"), `${process.getuid() === 0 ? "user root;" : ""} daemon off; pid nginx.pid; error_log stderr warn;
      events {}
      http { access_log off; ${temporary} include vm-restore.conf; }`);
    const args = ["-p", folder, "-c", join(folder, "nginx.conf")];
    execFileSync(NGINX, [...args, "-t"], { stdio: "pipe" });
    const child = spawn(NGINX, args, { stdio: "ignore" });
    const ended = new Promise((done) => child.once("close", done));
    try {
      const url = `http://127.0.0.1:${port}/`;
      await expect.poll(() => fetch(url).then(({ status }) => status, () => 0)).toBe(200);
      await use({ url, root });
    } finally {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    }
  }

  test("serves it as it should be served", async ({ page, context }) => {
    await nginx(async ({ url, root }) => {
      const get = (name, more) => fetch(url + name, more);
      const head = async (name) => (await get(name)).headers;
      const { parts } = filesOf();
      expect((await head(parts.app.wasm)).get("content-type")).toBe("application/wasm");
      expect((await head(parts.app.wasm)).get("cache-control")).toContain("immutable");
      for (const name of ["", "config.json", "sw.js", "vm-restore.js", "host.js", "redirect.html"]) expect((await head(name)).get("cache-control")).toBe("no-cache");
      expect((await head("")).get("content-security-policy")).toBe("frame-ancestors 'self'");
      expect((await head("")).get("x-content-type-options")).toBe("nosniff");
      expect((await head("redirect.html")).get("cross-origin-opener-policy")).toBeNull();
      // For a portal of another origin, and nothing but what the module is made of.
      for (const name of ["vm-restore.js", "config.json", parts.app.wasm, parts.app.script]) expect((await head(name)).get("access-control-allow-origin")).toBe("*");
      expect((await head("")).get("access-control-allow-origin")).toBeNull();
      // Nothing that only https may say, and no address of its own behind a proxy.
      expect((await head("")).get("strict-transport-security")).toBeNull();
      expect((await get("tools", { redirect: "manual" })).headers.get("location")).toBe("/tools/");
      writeFileSync(join(root, `${parts.app.wasm}.gz`), gzipSync("compressed before"));
      expect(await (await get(parts.app.wasm)).text()).toBe("compressed before");
      rmSync(join(root, `${parts.app.wasm}.gz`));
      const found = await guard(context, { origins: [new URL(url).origin] });
      const app = new App(page, `${url}tools/`, found);
      await app.open();
      await app.startDemo();
      expect(found).toEqual([]);
    });
  });

  test("a file that is not there yet is not remembered as missing", async ({ page }) => {
    await nginx(async ({ url, root }) => {
      const { parts } = filesOf();
      rmSync(join(root, parts.app.wasm));
      const answer = await fetch(url + parts.app.wasm);
      expect([answer.status, answer.headers.get("cache-control")]).toEqual([404, null]);
      await page.goto(url);
      await expect(page.getByRole("alert")).toContainText(`${parts.app.wasm}: the site answers 404`);
      cpSync(join(dist, parts.app.wasm), join(root, parts.app.wasm));
      await page.reload();
      await expect(page.getByRole("button", { name: "Start the demo" })).toBeVisible();
    });
  });
});
