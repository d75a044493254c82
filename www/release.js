// A page names the files of one release with their hashes. This file handles the case that one of them cannot be loaded.

/** How long the site may take to answer these questions. */
const PATIENCE_MS = 10_000;

/** An error whose message is meant for the operator as it is. */
export class Told extends Error {}

/** Checks that the browser's cryptography is available, which the program needs. */
export function secured() {
  if (isSecureContext) return;
  throw new Told(
    parent !== globalThis && location.protocol === "https:"
      ? "VM Restore needs a secure context: the embedding page must be served over HTTPS, too (or from loopback)."
      : `VM Restore needs a secure context: HTTPS or loopback. ${location.origin} is neither; serve it over HTTPS.`,
  );
}

/** An answer that was asked for around every cache. What the browser has kept of that address is renewed. */
const asked = (url, more) => fetch(url, { cache: "reload", signal: AbortSignal.timeout(PATIENCE_MS), ...more });

/** Which release a document names the files of: `index.html`, or `vm-restore.js`. */
const releaseOf = (text) => /\brelease"?:\s*"([0-9a-f]{16})"/.exec(text)?.[1];

/**
 * Whether the site has another release by now.
 * @param {{entry: string, release: string}} held the release at hand, and the document that names its files
 */
export async function isSuperseded({ entry, release }, cache = "reload") {
  try {
    const answer = await asked(entry, { cache });
    const now = answer.ok && releaseOf(await answer.text());
    return Boolean(now) && now !== release;
  } catch {
    return false; // a site that cannot be asked has nothing new
  }
}

/** The media types of a kind of file. */
const TYPES = {
  js: /^(text|application)\/(x-)?(java|ecma)script$/,
  css: /^text\/css$/,
  wasm: /^application\/wasm$/,
  json: /^(application|text)\/(\w+\+)?json$/,
};

/** What is wrong with the media type that a file came with, if anything. */
export function wrongType(name, answer) {
  const [type] = (answer.headers.get("content-type") ?? "").split(";");
  const kind = /\.(\w+)$/.exec(name)?.[1];
  const right = TYPES[kind]?.test(type.trim().toLowerCase()) ?? true;
  return right ? undefined : `the site sends it as ${type.trim() || "no type at all"}, which isn't the type of .${kind} files`;
}

/** Finds out why a file cannot be loaded; nothing if it can be loaded now. */
async function trouble({ name, href, integrity }) {
  try {
    const answer = await asked(href);
    if (!answer.ok) return `the site answers ${answer.status}`;
    const wrong = wrongType(name, answer);
    const same = await asked(href, { integrity }).then(() => true, () => false);
    if (!same) return wrong ? `${wrong}, and it doesn't match this release` : "it doesn't match this release: it was changed on its way";
    return wrong;
  } catch {
    return "it can't be reached, or is blocked by the page's policy or, from another origin, by a missing Access-Control-Allow-Origin header";
  }
}

/**
 * The error for a file that cannot be loaded. Its `renewed` says that reloading the page will help, because the browser's cached copy has just
 * been replaced.
 * @param {{name: string, href: string, integrity: string}} file
 * @param {{entry: string, release: string}} held which release it is of, and the document that says so
 * @returns {Promise<Error & {renewed?: boolean}>}
 */
export async function missing(file, held) {
  const renewed = true;
  if (await isSuperseded(held)) return Object.assign(new Told(NEW), { renewed });
  const why = await trouble(file);
  return why ? new Error(`${file.name}: ${why}`) : Object.assign(new Error(`${file.name}: it loaded only on the second try`), { renewed });
}

/** What is said when the site has another release. */
export const NEW = "A new version of VM Restore is available. Reload the page.";

const MARK = "vm-restore reloaded";

/**
 * Loads the page anew where that helps, unless this very load is one of that kind; says whether it does. The mark is in the entry of the history,
 * which a reload keeps and which needs no storage; it is read once.
 */
export function reloadOnce({ renewed }) {
  if (!renewed) return false;
  const { state } = history;
  if (state?.[MARK]) {
    const { [MARK]: _, ...others } = state;
    history.replaceState(others, "");
    return false;
  }
  history.replaceState({ ...state, [MARK]: true }, "");
  location.reload();
  return true;
}

/** Says that the page could not start, where it said that it was loading. */
export function fail(error) {
  console.error(error);
  const place = document.getElementById("loading") ?? document.getElementById("app").appendChild(document.createElement("p"));
  place.setAttribute("role", "alert");
  document.querySelector(".vmr-late")?.remove();
  document.getElementById("early")?.remove(); // without the program, no demo starts
  place.textContent =
    typeof WebAssembly === "undefined"
      ? "VM Restore needs WebAssembly, which this browser doesn't support or has turned off."
      : error instanceof Told
        ? `${error.message} Nothing was sent to Azure.`
        : `VM Restore couldn't be loaded (${error.message}). Nothing was sent to Azure. Reload the page to try again; if it keeps happening, the site may be incomplete or a proxy may be changing its files.`;
}
