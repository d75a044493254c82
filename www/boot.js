// The page of VM Restore: narrows its policy to the configuration, loads the program and says so while it lasts.

import { config, program, signIn, simulation } from "./program.js";
import { hosted } from "./frame.js";

const loading = () => document.getElementById("loading");

/** What the page is built from is kept by the service worker, so that the demo also starts without a network. Scripts come from nowhere else. */
const worker = globalThis.trustedTypes
  ? trustedTypes.createPolicy("vm-restore", { createScriptURL: () => new URL("sw.js", document.baseURI).href }).createScriptURL("")
  : "sw.js";

/** Registers the worker. A browser that keeps nothing for this site refuses it as well; the page works without. */
async function serve() {
  try {
    await navigator.serviceWorker?.register(worker);
  } catch (error) {
    console.warn(error);
  }
}

function fail(error) {
  console.error(error);
  const place = loading() ?? document.getElementById("app").appendChild(document.createElement("p"));
  place.setAttribute("role", "alert");
  document.querySelector(".vmr-late")?.remove();
  place.textContent =
    typeof WebAssembly === "undefined"
      ? "VM Restore needs WebAssembly, which this browser does not have or has switched off."
      : `VM Restore could not be loaded (${error.message}). Nothing was sent to Azure. Reload the page to try again; if it stays, the site may be incomplete or a proxy may change its files.`;
}

/** From here on the page can reach its own site, the configured cloud and its sign-in, and nothing else: what the program has read of config.json. */
async function narrow() {
  const { readConfig } = await program();
  // Without it there is nowhere to go; the program says why.
  const { connect, frame } = readConfig(await config().catch(() => ""));
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = `connect-src 'self' ${connect.join(" ")}; frame-src 'self' ${frame.join(" ")}`;
  document.head.append(policy);
}

try {
  const tell = (bytes, of) => {
    const place = loading();
    // What has gone wrong meanwhile stays.
    if (place && place.getAttribute("role") !== "alert") place.textContent = `Loading… ${Math.round((100 * bytes) / of)} %`;
  };
  document.querySelector(".vmr-late").remove();
  const [{ begin }, framed] = await Promise.all([program(tell), parent === globalThis ? {} : hosted(config), narrow()]);
  const root = document.getElementById("app");
  root.replaceChildren();
  const running = begin(root, { config, simulation, signIn, ...framed.page });
  framed.began?.(root, running);
  if (parent === globalThis) serve();
} catch (error) {
  fail(error);
}
