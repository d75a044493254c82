// A browser with storage partitioned between sites, as real ones have it: Playwright's own launch switches that off.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "@playwright/test";
import { launchOptions } from "./browser.mjs";

/**
 * Starts the system's browser by itself and connects to it. Every host below `.test` is this computer.
 * @returns {Promise<{context: import("@playwright/test").BrowserContext, close(): Promise<void>}>}
 */
export async function partitioned() {
  const profile = mkdtempSync(join(tmpdir(), "profile-"));
  const args = ["--headless=new", ...launchOptions.args, "--ignore-certificate-errors", "--host-resolver-rules=MAP *.test 127.0.0.1",
    "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
  const child = spawn(launchOptions.executablePath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((done) => child.once("close", done));
  const endpoint = await new Promise((found, failed) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      const [, url] = /^DevTools listening on (ws:.*)$/.exec(line) ?? [];
      if (url) found(url);
    });
    child.once("error", failed);
    ended.then((code) => failed(new Error(`the browser ended with ${code}`)));
  });
  const browser = await chromium.connectOverCDP(endpoint);
  const close = async () => {
    await browser.close();
    child.kill("SIGKILL");
    await ended;
    rmSync(profile, { recursive: true, force: true });
  };
  return { context: browser.contexts()[0], close };
}
