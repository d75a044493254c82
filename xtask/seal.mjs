// Trunk calls this when a build is complete: packs the modules and gives the files names made of their content. `index.html` names them all and
// says what each must hash to; so does `vm-restore.js`, for portals. Nothing else is accepted there.

import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { shortened } from "./seal/names.mjs";
import { reordered } from "./seal/order.mjs";
import { digits, integrityOf, redirect, sealed } from "./seal/page.mjs";

const folder = process.env.TRUNK_STAGING_DIR;
const root = fileURLToPath(new URL("..", import.meta.url));
const released = process.env.TRUNK_PROFILE === "release";
const read = (name) => readFileSync(join(folder, name));
const write = (name, text) => writeFileSync(join(folder, name), text);

/** Renames a file to `stem-<16 digits><end>`. */
function named(stem, end, file = stem + end) {
  const name = `${stem}-${digits(read(file))}${end}`;
  renameSync(join(folder, file), join(folder, name));
  return name;
}

/** The one file that fits. */
function only(pattern) {
  const found = readdirSync(folder).filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`The build should have one file like ${pattern} and has ${found.length}.`);
  return found[0];
}

const sha384 = (name) => integrityOf(read(name));

/** Packs a module and the script beside it, of which a debug build has no need, and names them. */
function part(stem, files = [`${stem}.js`, `${stem}_bg.wasm`]) {
  const [script, wasm] = files;
  if (released) {
    const packed = shortened(reordered(read(wasm)), read(script).toString());
    write(wasm, packed[0]);
    write(script, packed[1]);
  }
  const size = read(wasm).length;
  return { script: named(stem, ".js", script), wasm: named(stem, "_bg.wasm", wasm), size };
}

/** A script of `www` and what it imports, as one text. */
function bundled(name, options) {
  const settings = { bundle: true, write: false, minify: released, charset: "utf8", target: "es2022", logLevel: "warning" };
  return buildSync({ ...settings, entryPoints: [join(root, "www", name)], ...options }).outputFiles[0].text;
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
const tones = icons.map(([tone, name]) => `data-${tone}="${name}"`).join(" ");
// One hash does not fit them all, and no browser asks an icon for it.
const page = built.replace(icon, (link) => link.replace("<link", `<link ${tones}`).replace(/ integrity="?[^ ">]+"?/, ""));
const msal = named("msal-browser.min", ".js");
renameSync(join(folder, "LICENSE"), join(folder, "msal-browser.LICENSE.txt"));
const style = only(/^app-[0-9a-f]{8,16}\.css$/);

write("boot.js", bundled("boot.js", { format: "esm" }));
const boot = named("boot", ".js");
const start = bundled("start.js", { format: "iife", minify: true }).trim();

// What the page and its demo need; nobody signs in without a network.
const offline = [boot, style, ...[parts.app, parts.simulator].flatMap(({ script, wasm }) => [script, wasm]), ...icons.map(([, name]) => name)];
const all = [...offline, parts.signIn.script, parts.signIn.wasm, msal, "sw.js"].sort();
const integrity = Object.fromEntries(all.map((name) => [name, sha384(name)]));
const files = { parts, msal, style, integrity };
const release = digits(JSON.stringify(files) + page + start);
write("index.html", sealed(page, { list: { release, ...files, offline }, boot, start }));

// A portal knows no other name than this one, so that the list is in the file itself.
const wanted = [style, msal, ...Object.values(parts).flatMap(({ script, wasm }) => [script, wasm])];
const RELEASE = { release, parts, msal, style, integrity: Object.fromEntries(wanted.map((name) => [name, integrity[name]])) };
write("vm-restore.js", bundled("vm-restore.js", { format: "esm", define: { RELEASE: JSON.stringify(RELEASE) } }));

const bridge = readFileSync(join(root, "node_modules/@azure/msal-browser/lib/redirect-bridge/msal-redirect-bridge.min.js"), "utf8");
write("redirect.html", redirect(read("redirect.html").toString(), [bridge, readFileSync(join(root, "www/redirect.js"), "utf8")].map((text) => text.trim())));
