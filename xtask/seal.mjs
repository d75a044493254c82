// Trunk calls this when a build is complete: packs the modules, gives the parts names made of their content, writes down in `files.json`
// what each file must hash to, and lets the page accept nothing else.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shortened } from "./seal/names.mjs";
import { reordered } from "./seal/order.mjs";

const folder = process.env.TRUNK_STAGING_DIR;
const read = (name) => readFileSync(join(folder, name));
const write = (name, text) => writeFileSync(join(folder, name), text);
const hash = (algorithm, bytes, encoding) => createHash(algorithm).update(bytes).digest(encoding);

/** Renames a file to `stem-<16 digits><end>`. */
function named(stem, end, file = stem + end) {
  const name = `${stem}-${hash("sha256", read(file), "hex").slice(0, 16)}${end}`;
  renameSync(join(folder, file), join(folder, name));
  return name;
}

/** The one file that fits. */
function only(pattern) {
  const found = readdirSync(folder).filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`The build should have one file like ${pattern} and has ${found.length}.`);
  return found[0];
}

const sha384 = (name) => `sha384-${hash("sha384", read(name), "base64")}`;

/** Packs a module and the script beside it, of which a debug build has no need, and names them. */
function part(stem, files = [`${stem}.js`, `${stem}_bg.wasm`]) {
  const [script, wasm] = files;
  if (process.env.TRUNK_PROFILE === "release") {
    const packed = shortened(reordered(read(wasm)), read(script).toString());
    write(wasm, packed[0]);
    write(script, packed[1]);
  }
  const size = read(wasm).length;
  return { script: named(stem, ".js", script), wasm: named(stem, "_bg.wasm", wasm), size };
}

// Trunk has named the app's files already, and written the names and what they hash to into the page.
const written = [only(/^vm-restore-[0-9a-f]{8,16}\.js$/), only(/^vm-restore-[0-9a-f]{8,16}_bg\.wasm$/)];
const before = written.flatMap((name) => [name, sha384(name)]);
const parts = { app: part("vm-restore", written), simulator: part("arm-sim-page"), signIn: part("sign-in") };
const after = [parts.app.script, parts.app.wasm].flatMap((name) => [name, sha384(name)]);
const built = before.reduce((text, old, at) => {
  if (!text.includes(old)) throw new Error(`The page does not say ${old}.`);
  return text.replaceAll(old, after[at]);
}, read("index.html").toString());
// The page's icon, and those that it changes to.
const plain = only(/^icon-[0-9a-f]{8,16}\.svg$/);
const icons = [["neutral", plain], ...["busy", "good", "warning", "bad"].map((tone) => [tone, named(`icon-${tone}`, ".svg")])];
const icon = new RegExp(`<link[^>]* href="?[./]*${plain}[^>]*>`);
if (!icon.test(built)) throw new Error("The page's icon was not found.");
const names = icons.map(([tone, name]) => `data-${tone}="${name}"`).join(" ");
// One hash does not fit them all, and no browser asks an icon for it.
const index = built.replace(icon, (link) => link.replace("<link", `<link ${names}`).replace(/ integrity="?[^ ">]+"?/, ""));
const msal = named("msal-browser.min", ".js");
renameSync(join(folder, "LICENSE"), join(folder, "msal-browser.LICENSE.txt"));
const style = only(/^app-[0-9a-f]{8,16}\.css$/);

const sealed = readdirSync(folder).filter((name) => /\.(js|wasm|css)$/.test(name) && name !== "sw.js").sort();
const integrity = Object.fromEntries(sealed.map((name) => [name, sha384(name)]));

// What the page and its demo need; nobody signs in without a network.
const live = [parts.signIn.script, parts.signIn.wasm, msal, "msal-redirect-bridge.min.js", "redirect.js", "host.js", "vm-restore.js"];
const offline = [...sealed.filter((name) => !live.includes(name)), ...icons.map(([, name]) => name)];
const files = JSON.stringify({ parts, msal, style, integrity, offline });
write("files.json", files);
write("sw.js", read("sw.js").toString().replace('"unsealed"', JSON.stringify(hash("sha256", files + index, "hex").slice(0, 16))));

// Modules that are imported have no element of their own that could say what they must hash to.
const modules = sealed.filter((name) => name.endsWith(".js")).map((name) => [`./${name}`, integrity[name]]);
const map = JSON.stringify({ integrity: Object.fromEntries(modules) });
const head = ["program.js", "frame.js"]
  .map((name) => `<link rel="modulepreload" href="${name}" crossorigin="anonymous" integrity="${integrity[name]}">`)
  .join("");
const inline = /<style[^>]*>([^]*?)<\/style>/.exec(index)[1];
const page = index
  .replace("script-src 'self'", `script-src 'self' 'sha256-${hash("sha256", map, "base64")}'`)
  .replace("style-src 'self'", `style-src 'self' 'sha256-${hash("sha256", inline, "base64")}'`)
  .replace("<title>", `<script type="importmap">${map}</script>${head}<title>`);
if (page.split("'sha256-").length !== 3) throw new Error("The page's policy was not found.");
write("index.html", page);

const guarded = (name) => [`src="${name}"`, `src="${name}" integrity="${integrity[name]}"`];
write("redirect.html", ["msal-redirect-bridge.min.js", "redirect.js"].reduce((text, name) => text.replace(...guarded(name)), read("redirect.html").toString()));
