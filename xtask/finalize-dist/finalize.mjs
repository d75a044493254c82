// Turns what Trunk has built into a release: names each file by its content, bundles the scripts of `www`, and writes names and
// integrity hashes into the two entries, `index.html` and, for portals, `vm-restore.js`. WebAssembly modules are not changed.

import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { contentHash, finalizePage, finalizeRedirect, integrityOf, withIcons, withNames } from "./page.mjs";

/**
 * @param {{folder: string, root: string, released: boolean}} build `folder` is what Trunk has built, `root` the workspace; the scripts of
 *   a released build are minified
 */
export function finalize({ folder, root, released }) {
  const read = (name) => readFileSync(join(folder, name));
  const write = (name, text) => writeFileSync(join(folder, name), text);

  /** Renames a file to `stem-<16 digits><end>`: a cache never takes it for a file of another release. */
  const rename = (stem, end, file = stem + end) => {
    const name = `${stem}-${contentHash(read(file))}${end}`;
    renameSync(join(folder, file), join(folder, name));
    return name;
  };

  /** The only file whose name matches. */
  const only = (pattern) => {
    const found = readdirSync(folder).filter((name) => pattern.test(name));
    if (found.length !== 1) throw new Error(`The build should have one file like ${pattern} and has ${found.length}.`);
    return found[0];
  };

  /** A WebAssembly module and the JavaScript that wasm-bindgen has made for it. */
  const part = (stem, script = `${stem}.js`, wasm = `${stem}_bg.wasm`) => {
    const size = read(wasm).length;
    return { script: rename(stem, ".js", script), wasm: rename(stem, "_bg.wasm", wasm), size };
  };

  /** A script of `www` and what it imports, as one text. */
  const bundle = (name, options) => {
    const settings = { bundle: true, write: false, minify: released, charset: "utf8", target: "es2022", logLevel: "warning" };
    return buildSync({ ...settings, entryPoints: [join(root, "www", name)], ...options }).outputFiles[0].text;
  };

  // Trunk names the program's two files by a hash of the module that the compiler made. The same module may come with another script, or
  // be optimized otherwise, so they are named anew; the page that Trunk has written knows their former names.
  const [script, wasm] = [only(/^vm-restore-[0-9a-f]{8,16}\.js$/), only(/^vm-restore-[0-9a-f]{8,16}_bg\.wasm$/)];
  const parts = { app: part("vm-restore", script, wasm), simulator: part("arm-sim-page"), signIn: part("sign-in") };
  const icon = only(/^icon-[0-9a-f]{8,16}\.svg$/);
  const icons = { neutral: icon };
  for (const tone of ["busy", "good", "warning", "bad"]) icons[tone] = rename(`icon-${tone}`, ".svg");
  const page = withIcons(withNames(read("index.html").toString(), { [script]: parts.app.script, [wasm]: parts.app.wasm }), icons);

  const msal = rename("msal-browser.min", ".js");
  renameSync(join(folder, "LICENSE"), join(folder, "msal-browser.LICENSE.txt"));
  const style = only(/^app-[0-9a-f]{8,16}\.css$/);
  write("boot.js", bundle("boot.js", { format: "esm" }));
  const boot = rename("boot", ".js");
  const start = bundle("start.js", { format: "iife", minify: true }).trim();

  // What the page and its demo need; nobody signs in without a network.
  const offline = [boot, style, ...[parts.app, parts.simulator].flatMap(({ script, wasm }) => [script, wasm]), ...Object.values(icons)];
  const all = [...offline, parts.signIn.script, parts.signIn.wasm, msal, "sw.js"].sort();
  const integrity = Object.fromEntries(all.map((name) => [name, integrityOf(read(name))]));
  const files = { parts, msal, style, integrity };
  const release = contentHash(JSON.stringify(files) + page + start);
  write("index.html", finalizePage(page, { list: { release, ...files, offline }, boot, start }));

  // A portal knows no other name than this one, so the list is in the file itself.
  const wanted = [style, msal, ...Object.values(parts).flatMap(({ script, wasm }) => [script, wasm])];
  const RELEASE = { release, parts, msal, style, integrity: Object.fromEntries(wanted.map((name) => [name, integrity[name]])) };
  write("vm-restore.js", bundle("vm-restore.js", { format: "esm", define: { RELEASE: JSON.stringify(RELEASE) } }));

  const bridge = readFileSync(join(root, "node_modules/@azure/msal-browser/lib/redirect-bridge/msal-redirect-bridge.min.js"), "utf8");
  const scripts = [bridge, readFileSync(join(root, "www/redirect.js"), "utf8")].map((text) => text.trim());
  write("redirect.html", finalizeRedirect(read("redirect.html").toString(), scripts));
}
