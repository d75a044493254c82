// The page of VM Restore: narrows its policy to the configuration, loads the program and says so while it lasts.

import { config, counts, onRemark, program, signIn, simulation, simulator, styled, superseded, workerFits } from "./program.js";
import { hosted } from "./frame.js";
import { fail, NEW, reloadOnce, secured } from "./release.js";

const loading = () => document.getElementById("loading");

/** The service worker caches the files of the page, so that the demo also starts without a network. The policy allows no other worker script. */
const worker = globalThis.trustedTypes
  ? trustedTypes.createPolicy("vm-restore", { createScriptURL: () => new URL("sw.js", document.baseURI).href }).createScriptURL("")
  : "sw.js";

/**
 * Registers the service worker, if it is the one of this release. From then on the browser itself checks for updates. A browser that blocks
 * this site's data refuses it; the page works without.
 */
async function serve() {
  try {
    const known = await navigator.serviceWorker?.getRegistration();
    if (!navigator.serviceWorker || known?.scope === new URL(".", document.baseURI).href || !(await workerFits())) return;
    await navigator.serviceWorker.register(worker);
  } catch (error) {
    console.warn(error);
  }
}

/** Checks once whether the site has another release. With a worker this is done already; without one, a cache may answer for days. */
async function look() {
  let controlled = false;
  try {
    controlled = Boolean(navigator.serviceWorker?.controller);
  } catch {
    // A frame that is kept from everything has none.
  }
  if (!controlled && (await superseded())) note("A new version", NEW);
}

/** Shows a notice above the program. */
function note(label, text) {
  const place = [...document.querySelectorAll("aside")].find(({ ariaLabel }) => ariaLabel === label) ?? document.createElement("aside");
  place.ariaLabel = label;
  place.append(Object.assign(document.createElement("p"), { textContent: text }));
  document.getElementById("app").before(place);
}

/** Waits for the style sheet, which the program needs before it starts. www/start.js marks one that has failed. */
async function dressed() {
  const link = document.querySelector("link[rel=stylesheet]");
  const come = () => Boolean(link.sheet) || "failed" in link.dataset;
  if (!come()) await new Promise((done) => ["load", "error"].forEach((type) => link.addEventListener(type, done)));
  if (!counts(link)) await styled(document.body);
}

/** Narrows the page's policy to its own site and the origins of cloud and sign-in that the program has read from config.json. */
async function narrow() {
  const { readConfig } = await program();
  // Without it there is nowhere to go; the program says why.
  const { connect, frame } = readConfig(await config().catch(() => ""));
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = `connect-src 'self' ${connect.join(" ")}; frame-src 'self' ${frame.join(" ")}`;
  document.head.append(policy);
}

/** The address that starts the demo: `Route::Demo`. */
const DEMO = "#/demo";

/** Whether the browser keeps a sign-in of this site, which the program resumes. */
function signedIn() {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith("msal."));
  } catch {
    return false; // the browser blocks this site's data
  }
}

/** Fetches the simulator in parallel with the program, which starts the demo when it reads the address. */
function startDemo() {
  simulator().catch(() => {}); // the program asks for it again and says why it does not come
  const place = document.getElementById("early");
  if (!place) return; // the program is there
  place.textContent = "The demo starts as soon as it has loaded.";
  place.hidden = false;
}

/**
 * Offers the demo while the program is on its way, so that neither the visitor nor the line has to wait for the program first. Whoever has come
 * for something else, has signed in before or may not use the demo is not offered it.
 */
async function offerDemo() {
  if (location.hash === DEMO) return startDemo();
  const { allow } = JSON.parse(await config());
  const place = document.getElementById("early");
  if (!place || allow?.demo === false || !["", "#/"].includes(location.hash) || signedIn()) return;
  addEventListener("hashchange", () => location.hash === DEMO && startDemo(), { once: true });
  place.hidden = false;
}

onRemark((text) => {
  console.warn(text);
  note("For the site owner", text);
});
try {
  secured();
  const tell = (bytes, of) => {
    const place = loading();
    // Do not overwrite an error message.
    if (place && place.getAttribute("role") !== "alert") place.textContent = `Loading… ${Math.round((100 * bytes) / of)}%`;
  };
  document.querySelector(".vmr-late")?.remove();
  if (parent === globalThis) offerDemo().catch(() => {}); // of a configuration that cannot be read, the program speaks
  const [{ begin }, framed] = await Promise.all([program(tell), parent === globalThis ? {} : hosted(config), narrow(), dressed()]);
  const root = document.getElementById("app");
  root.replaceChildren();
  const running = begin(root, { config, simulation, signIn, ...framed.page });
  framed.began?.(root, running);
  look();
  if (parent === globalThis) serve();
} catch (error) {
  if (!reloadOnce(error)) fail(error);
}
