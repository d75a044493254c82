// Trunk calls this when a build is complete: gives further parts names made of their content, writes down in `files.json` what each file
// must hash to, and lets the page accept nothing else.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.TRUNK_STAGING_DIR;
const read = (name) => readFileSync(join(folder, name));
const write = (name, text) => writeFileSync(join(folder, name), text);
const hash = (algorithm, bytes, encoding) => createHash(algorithm).update(bytes).digest(encoding);

/** Renames a file to `stem-<16 digits><end>`. */
function named(stem, end) {
  const name = `${stem}-${hash("sha256", read(stem + end), "hex").slice(0, 16)}${end}`;
  renameSync(join(folder, stem + end), join(folder, name));
  return name;
}

/** The one file that fits. */
function only(pattern) {
  const found = readdirSync(folder).filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`The build should have one file like ${pattern} and has ${found.length}.`);
  return found[0];
}

const part = (script, wasm) => ({ script, wasm, size: read(wasm).length });
const parts = {
  app: part(only(/^vm-restore-[0-9a-f]{8,16}\.js$/), only(/^vm-restore-[0-9a-f]{8,16}_bg\.wasm$/)),
  simulator: part(named("arm-sim-page", ".js"), named("arm-sim-page", "_bg.wasm")),
  signIn: part(named("sign-in", ".js"), named("sign-in", "_bg.wasm")),
};
const msal = named("msal-browser.min", ".js");
renameSync(join(folder, "LICENSE"), join(folder, "msal-browser.LICENSE.txt"));
const style = only(/^app-[0-9a-f]{8,16}\.css$/);

const sealed = readdirSync(folder).filter((name) => /\.(js|wasm|css)$/.test(name) && name !== "sw.js").sort();
const integrity = Object.fromEntries(sealed.map((name) => [name, `sha384-${hash("sha384", read(name), "base64")}`]));

// What the page and its demo need; nobody signs in without a network.
const live = [parts.signIn.script, parts.signIn.wasm, msal, "msal-redirect-bridge.min.js", "redirect.js", "host.js", "vm-restore.js"];
const offline = sealed.filter((name) => !live.includes(name));
const files = JSON.stringify({ parts, msal, style, integrity, offline });
write("files.json", files);
write("sw.js", read("sw.js").toString().replace('"unsealed"', JSON.stringify(hash("sha256", files + read("index.html"), "hex").slice(0, 16))));

// Modules that are imported have no element of their own that could say what they must hash to.
const modules = sealed.filter((name) => name.endsWith(".js")).map((name) => [`./${name}`, integrity[name]]);
const map = JSON.stringify({ integrity: Object.fromEntries(modules) });
const head = ["program.js", "frame.js"]
  .map((name) => `<link rel="modulepreload" href="${name}" crossorigin="anonymous" integrity="${integrity[name]}">`)
  .join("");
const page = read("index.html")
  .toString()
  .replace("script-src 'self'", `script-src 'self' 'sha256-${hash("sha256", map, "base64")}'`)
  .replace("<title>", `<script type="importmap">${map}</script>${head}<title>`);
if (!page.includes("sha256-")) throw new Error("The page's policy was not found.");
write("index.html", page);

const guarded = (name) => [`src="${name}"`, `src="${name}" integrity="${integrity[name]}"`];
write("redirect.html", ["msal-redirect-bridge.min.js", "redirect.js"].reduce((text, name) => text.replace(...guarded(name)), read("redirect.html").toString()));
