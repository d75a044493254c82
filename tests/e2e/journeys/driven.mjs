// Firefox and WebKitGTK, each driven by its own WebDriver. Selenium speaks the protocol; it starts and downloads nothing.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Builder } from "selenium-webdriver";

/** How long a program may take to be ready, in milliseconds. */
const READY = 20_000;

/** The browsers by their names; `driver` is the program, unless it is not on this machine. */
export const BROWSERS = {
  "Firefox": {
    driver: process.env.GECKODRIVER,
    needsDisplay: false,
    // Its second port is that of another protocol, which nobody speaks here.
    args: (port) => ["--host", "127.0.0.1", "--port", port, "--websocket-port", "0"],
    capabilities: { browserName: "firefox", "moz:firefoxOptions": { binary: process.env.FIREFOX, args: ["-headless"] } },
  },
  "WebKitGTK": {
    driver: process.env.WEBKIT_DRIVER,
    needsDisplay: true,
    args: (port) => ["--host=127.0.0.1", `--port=${port}`],
    // The browser is MiniBrowser, which comes with WebKitGTK.
    capabilities: { browserName: "MiniBrowser" },
  },
};

/** Programs of this run; none outlives it, however it ends. */
const running = new Set();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));
for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]]) process.once(signal, () => process.exit(status));

function launch(program, args, options) {
  const child = spawn(program, args, options);
  running.add(child);
  const ended = new Promise((done) => child.once("close", done).once("error", done)).then(() => running.delete(child));
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { child, ended, stop };
}

/** A display that nobody sees, with the first number that is free. */
async function display() {
  const server = launch(process.env.XVFB, ["-displayfd", "3", "-screen", "0", "1280x1000x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const told = new Promise((told) => server.child.stdio[3].once("data", told));
  const number = await Promise.race([told, server.ended]);
  if (!Buffer.isBuffer(number)) throw new Error("Xvfb, which gives WebKitGTK a display, did not start");
  return { name: `:${String(number).trim()}`, stop: server.stop };
}

/** A port that was free a moment ago. WebKitWebDriver chooses none itself. */
const freePort = () => new Promise((found, failed) => {
  const server = createServer().once("error", failed);
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => found(String(port)));
  });
});

/** Starts the driver, and waits until it is ready for a session. */
async function drive({ driver, args }, env) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { child, ended, stop } = launch(driver, args(port), { env, stdio: ["ignore", "ignore", "pipe"] });
  let words = "";
  child.stderr.on("data", (data) => (words = (words + data).slice(-2_000)));
  let over = false;
  ended.then(() => (over = true));
  for (const end = Date.now() + READY; Date.now() < end && !over; await pause(50)) {
    const status = await fetch(`${url}/status`).then((answer) => answer.json(), () => undefined);
    if (status?.value?.ready) return { url, stop };
  }
  await stop();
  throw new Error(`${driver} was not ready within ${READY / 1_000} s. ${words}`);
}

/**
 * Starts a browser of this name.
 * @returns {Promise<{driver: import("selenium-webdriver").WebDriver, version: string, stop(): Promise<void>}>}
 */
export async function browse(name) {
  const browser = BROWSERS[name];
  const folder = mkdtempSync(join(tmpdir(), "browser-"));
  const own = Object.fromEntries(["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"].map((name) => [name, folder]));
  const stops = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })];
  const stop = async () => {
    for (const one of stops.reverse()) await one();
  };
  try {
    const shown = browser.needsDisplay && (await display());
    if (shown) stops.push(shown.stop);
    const env = { ...process.env, ...own, TZ: "UTC", LANG: "C.UTF-8", ...(shown && { DISPLAY: shown.name }) };
    const program = await drive(browser, env);
    stops.push(program.stop);
    // The OpenID server has a certificate that was made for the run.
    const wanted = { ...browser.capabilities, acceptInsecureCerts: true };
    const driver = await new Builder().usingServer(program.url).withCapabilities(wanted).build();
    stops.push(() => driver.quit());
    await driver.manage().window().setRect({ width: 1_280, height: 1_000 });
    return { driver, version: (await driver.getCapabilities()).getBrowserVersion(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
