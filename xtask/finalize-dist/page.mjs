// What a finished page says of its release: pure functions of texts.

import { createHash } from "node:crypto";

const hash = (algorithm, bytes, encoding) => createHash(algorithm).update(bytes).digest(encoding);

/** The digits that name some bytes: in a file's name, or as a release. */
export const contentHash = (bytes) => hash("sha256", bytes, "hex").slice(0, 16);

/** The value of the attribute `integrity` for some bytes. */
export const integrityOf = (bytes) => `sha384-${hash("sha384", bytes, "base64")}`;

/** The source expression by which a Content-Security-Policy admits an inline script or style. */
export const cspHash = (text) => `'sha256-${hash("sha256", text, "base64")}'`;

/** The element by which `index.html` names the files of its release. Base64, digits and file names need no escapes in it. */
export function releaseElement(list) {
  const json = JSON.stringify(list);
  if (json.includes("<")) throw new Error("The list of files would end its element.");
  return `<script type="application/json" id="release">${json}</script>`;
}

/** The list of files in a finished `index.html`. */
export const releaseOf = (page) => JSON.parse(/<script type="application\/json" id="release">([^]*?)<\/script>/.exec(page)[1]);

/** Puts `text` where the page has `mark` once. */
function placed(page, mark, text) {
  if (page.split(mark).length !== 2) throw new Error(`The page should have ${mark} once.`);
  return page.replace(mark, () => text);
}

/**
 * Names files in the page as they are called now.
 * @param {Record<string, string>} names the present names by the former ones
 */
export function withNames(page, names) {
  return Object.entries(names).reduce((text, [old, now]) => {
    if (!text.includes(old)) throw new Error(`The page does not name ${old}.`);
    return text.replaceAll(old, now);
  }, page);
}

/**
 * Names the icons that the page changes between in the link of the first of them.
 * @param {Record<string, string>} icons file names by tone; `neutral` is the one that Trunk has linked
 */
export function withIcons(page, icons) {
  const link = new RegExp(`<link[^>]* href="?[./]*${icons.neutral}[^>]*>`);
  if (!link.test(page)) throw new Error("The page's icon was not found.");
  const tones = Object.entries(icons).map(([tone, name]) => `data-${tone}="${name}"`).join(" ");
  // One hash does not fit them all, and no browser checks an icon's.
  return page.replace(link, (text) => text.replace("<link", `<link ${tones}`).replace(/ integrity="?[^ ">]+"?/, ""));
}

/** The preload of WebAssembly without a hash: the hash would hold the answer back until all of it is there, and www/program.js compares it. */
function withStreamedWasm(page) {
  const preload = /<link[^>]* rel="?preload"?[^>]*>/;
  if (!preload.exec(page)?.[0].includes("_bg.wasm")) throw new Error("The page's preload of WebAssembly was not found.");
  return page.replace(preload, (link) => link.replace(/ integrity="?[^ ">]+"?/, ""));
}

/**
 * The page that accepts the files of one release and nothing else.
 * @param {string} page as Trunk has built it
 * @param {{list: object, boot: string, start: string}} given `list` names the files; `boot` is the first module; `start` is the
 *   inline script that reports when the first module does not come
 */
export function finalizePage(page, { list, boot, start }) {
  const modules = Object.keys(list.integrity).filter((name) => name.endsWith(".js") && name !== "sw.js");
  // Modules that are imported have no element of their own that could say what they must hash to.
  const map = JSON.stringify({ integrity: Object.fromEntries(modules.map((name) => [`./${name}`, list.integrity[name]])) });
  const style = /<style[^>]*>([^]*?)<\/style>/.exec(page)[1];
  const first = `<script type="module" src="${boot}" crossorigin="anonymous" integrity="${list.integrity[boot]}"></script>`;
  const head = `<script>${start}</script><script type="importmap">${map}</script>${releaseElement(list)}${first}<title>`;
  return [
    ["script-src 'self'", `script-src 'self' ${cspHash(start)} ${cspHash(map)}`],
    ["style-src 'self'", `style-src 'self' ${cspHash(style)}`],
    ["<title>", head],
  ].reduce((text, [mark, by]) => placed(text, mark, by), withStreamedWasm(page));
}

/** The page that a sign-in comes back to, with its scripts inline: nothing that it needs can be of another release, or gone. */
export function finalizeRedirect(page, scripts) {
  if (scripts.some((script) => /<\/script|<!--/i.test(script))) throw new Error("A script would end its element.");
  const policy = placed(page, "script-src 'self'", `script-src ${scripts.map(cspHash).join(" ")}`);
  return placed(policy, "<!-- scripts -->", scripts.map((script) => `<script>${script}</script>`).join("\n    "));
}
