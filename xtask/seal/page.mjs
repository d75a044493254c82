// What the sealed page says of the release: pure functions of texts.

import { createHash } from "node:crypto";

const hash = (algorithm, bytes, encoding) => createHash(algorithm).update(bytes).digest(encoding);

/** The digits that stand for some bytes in a file's name, or for a release. */
export const digits = (bytes) => hash("sha256", bytes, "hex").slice(0, 16);

/** What `integrity` says of some bytes. */
export const integrityOf = (bytes) => `sha384-${hash("sha384", bytes, "base64")}`;

/** How a policy admits an inline script or style. */
export const admitted = (text) => `'sha256-${hash("sha256", text, "base64")}'`;

/** The element by which `index.html` names the files of its release. Base64, digits and file names need no escapes in it. */
export function listElement(list) {
  const json = JSON.stringify(list);
  if (json.includes("<")) throw new Error("The list of files would end its element.");
  return `<script type="application/json" id="release">${json}</script>`;
}

/** The list in a sealed `index.html`. */
export const listOf = (page) => JSON.parse(/<script type="application\/json" id="release">([^]*?)<\/script>/.exec(page)[1]);

/** Puts `text` where the page has `mark` once. */
function placed(page, mark, text) {
  if (page.split(mark).length !== 2) throw new Error(`The page should have ${mark} once.`);
  return page.replace(mark, () => text);
}

/**
 * The page that accepts the files of one release and nothing else.
 * @param {string} page as Trunk has built it
 * @param {{list: object, boot: string, start: string}} given `list` names the files; `boot` is the first module; `start` is the
 *   script that hears when it does not come
 */
export function sealed(page, { list, boot, start }) {
  const modules = Object.keys(list.integrity).filter((name) => name.endsWith(".js") && name !== "sw.js");
  // Modules that are imported have no element of their own that could say what they must hash to.
  const map = JSON.stringify({ integrity: Object.fromEntries(modules.map((name) => [`./${name}`, list.integrity[name]])) });
  const style = /<style[^>]*>([^]*?)<\/style>/.exec(page)[1];
  const first = `<script type="module" src="${boot}" crossorigin="anonymous" integrity="${list.integrity[boot]}"></script>`;
  const head = `<script>${start}</script><script type="importmap">${map}</script>${listElement(list)}${first}<title>`;
  return [
    ["script-src 'self'", `script-src 'self' ${admitted(start)} ${admitted(map)}`],
    ["style-src 'self'", `style-src 'self' ${admitted(style)}`],
    ["<title>", head],
  ].reduce((text, [mark, by]) => placed(text, mark, by), page);
}

/** Where a sign-in comes back to, with its scripts in it: nothing that it needs can be of another release, or gone. */
export function redirect(page, scripts) {
  if (scripts.some((script) => /<\/script|<!--/i.test(script))) throw new Error("A script would end its element.");
  const policy = placed(page, "script-src 'self'", `script-src ${scripts.map(admitted).join(" ")}`);
  return placed(policy, "<!-- scripts -->", scripts.map((script) => `<script>${script}</script>`).join("\n    "));
}
