// Part of index.html itself: hears when the first module does not come, which cannot say so then, and which style sheet has not. It
// also asks for the configuration, which then comes together with the files.

import { fail, missing, reloadOnce } from "./release.js";

// A preload would be taken from a cache without a question, however old.
globalThis.vmRestoreConfig = fetch("config.json", { cache: "no-cache" });
globalThis.vmRestoreConfig.catch(() => {}); // whoever reads it hears of it

let failed = false;

async function heard({ target }) {
  if (target instanceof HTMLLinkElement) target.dataset.failed = "";
  if (!(target instanceof HTMLScriptElement) || target.type !== "module" || failed) return;
  failed = true;
  const name = target.src.replace(/^.*\//, "");
  const { release, integrity } = JSON.parse(document.getElementById("release").textContent);
  const error = await missing({ name, href: target.src, integrity: integrity[name] }, { entry: location.href, release });
  if (reloadOnce(error)) return;
  if (document.readyState === "loading") await new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));
  fail(error);
}

// Errors of elements do not bubble.
addEventListener("error", heard, true);
