// VM Restore in a component of React, under StrictMode, which runs each effect twice: mount, unmount, mount.

import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { configFor } from "../support/config.mjs";
import { expect, test as base } from "../support/fixtures.mjs";
import { guard } from "../support/guard.mjs";
import { serve } from "../support/site.mjs";
import { accessToken } from "../support/token.mjs";

/** React itself, its component and an effect of ours. `mount` comes with the page, as a portal imports it by its URL. */
const script = (effect) => buildSync({
  stdin: {
    contents: `
      import { StrictMode, createElement, useEffect, useRef, useState } from "react";
      import { createRoot } from "react-dom/client";
      const options = (more) => ({ scopes: [globalThis.scope], getToken: async () => globalThis.token, onEvent: (event) => globalThis.events.push(event), ...more });
      function Restore() {
        const element = useRef(null);
        useEffect(() => { ${effect} }, []);
        return createElement("section", { ref: element, id: "restore" });
      }
      function Portal() {
        const [shown, show] = useState(true);
        return createElement("div", null, createElement("button", { onClick: () => show(!shown) }, "Toggle"), shown && createElement(Restore));
      }
      Object.assign(globalThis, { events: [], log: [] });
      createRoot(document.getElementById("portal")).render(createElement(StrictMode, null, createElement(Portal)));
    `,
    resolveDir: fileURLToPath(new URL(".", import.meta.url)),
  },
  bundle: true,
  write: false,
  format: "iife",
  define: { "process.env.NODE_ENV": '"development"' },
}).outputFiles[0].text;

const EFFECTS = {
  "without a signal": `
    let app, gone = false;
    log.push("effect");
    mount(element.current, options()).then((mounted) => (gone ? mounted.unmount() : (app = mounted)), (error) => log.push(error.message));
    return () => { gone = true; log.push("cleanup"); app?.unmount(); };`,
  "with an AbortSignal": `
    const controller = new AbortController();
    log.push("effect");
    mount(element.current, options({ signal: controller.signal })).catch((error) => controller.signal.aborted || log.push(error.message));
    return () => { log.push("cleanup"); controller.abort(); };`,
};

const test = base.extend({
  simulatorArgs: [["--expose", "all"], { option: true }],
  site: async ({ arm }, use) => {
    const site = await serve({ config: configFor(arm.origin), headers: { "Access-Control-Allow-Origin": "*" } });
    await use(site);
    await site.close();
  },
});

for (const [how, effect] of Object.entries(EFFECTS)) {
  test(`an effect ${how} mounts once, leaves nothing and comes again`, async ({ page, context, site, arm }) => {
    const html = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Portal</title><h1>Portal</h1><div id="portal"></div>
      <script type="module">import { mount } from "${site.url}vm-restore.js"; Object.assign(globalThis, { mount, scope: "${arm.origin}/user_impersonation" });
        document.head.append(Object.assign(document.createElement("script"), { src: "/react.js" }));</script></html>`;
    const kind = (path) => (path.endsWith(".js") ? { "Content-Type": "text/javascript" } : {});
    const portal = await serve({ pages: { "/": html, "/react.js": script(effect) }, headers: kind });
    const found = await guard(context, { origins: [site.origin, arm.origin, portal.origin] });
    await page.addInitScript((token) => (globalThis.token = token), accessToken());
    await page.goto(portal.url);
    const heading = page.locator("#restore").getByRole("heading", { level: 1, name: "Choose a virtual machine" });
    await heading.waitFor();
    expect(await page.evaluate(() => globalThis.log), "StrictMode ran it twice, and nobody complained").toEqual(["effect", "cleanup", "effect"]);
    const inside = () => page.evaluate(() => {
      const { shadowRoot } = document.getElementById("restore");
      return [shadowRoot.querySelectorAll(".vm-restore").length, shadowRoot.adoptedStyleSheets.length, getComputedStyle(shadowRoot.querySelector("h1")).fontSize];
    });
    expect(await inside()).toEqual([1, 2, "24px"]);
    await page.getByRole("button", { name: "Toggle" }).click();
    await expect(page.locator("#restore")).toHaveCount(0);
    const later = [];
    page.on("request", (request) => request.url().startsWith(arm.origin) && later.push(request.url()));
    await page.evaluate(() => new Promise((frame) => requestAnimationFrame(() => requestAnimationFrame(frame))));
    expect(later, "no program runs on unseen").toEqual([]);
    // Gone again while it is being mounted, and come again at once.
    for (let times = 0; times < 5; times += 1) await page.getByRole("button", { name: "Toggle" }).click();
    await heading.waitFor();
    expect(await inside()).toEqual([1, 2, "24px"]);
    expect((await page.evaluate(() => globalThis.log)).filter((line) => !["effect", "cleanup"].includes(line))).toEqual([]);
    expect(found, "errors of the page").toEqual([]);
    await portal.close();
  });
}
