// A translator as Chrome, Edge and Google's widget have it: each text node is taken out of the page, and two nested `font` elements with a
// text of its own come in its place, again for whatever the page shows later. It gives the words back unchanged, so that tests find them.

/** Runs in the page before everything else. What it did is in `globalThis.translated` (how many texts) and `globalThis.stale`. */
function begin() {
  const untouched = "[translate=no], .notranslate, script, style, textarea, noscript, code, font[data-translated]";
  globalThis.translated = 0;
  /** What the page wrote into text nodes that the translator had taken out: nobody sees it, and the old text stays on the screen. */
  globalThis.stale = [];
  const taken = new MutationObserver((changes) => stale.push(...changes.map(({ target, oldValue }) => `${oldValue} → ${target.data}`)));

  const translate = (text) => {
    const parent = text.parentElement;
    if (!text.isConnected || !parent || parent.closest(untouched) || !text.data.trim()) return;
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    for (const font of [outer, inner]) font.dataset.translated = "";
    inner.append(text.data);
    outer.append(inner);
    text.replaceWith(outer);
    taken.observe(text, { characterData: true, characterDataOldValue: true });
    translated += 1;
  };

  const watch = (root) => {
    const changed = new MutationObserver(() => all(root));
    changed.observe(root, { childList: true, characterData: true, subtree: true });
    all(root);
  };
  const all = (root) => {
    const texts = [];
    for (const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT); walk.nextNode(); ) texts.push(walk.currentNode);
    texts.forEach(translate);
  };
  watch(document);
  // The module's root, too, whether translators reach into it yet or not.
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    watch(root);
    return root;
  };
}

/** Lets a translator work on all that `page` shows from its next document on. */
export const translate = (page) => page.addInitScript(begin);

/** How many texts it has translated, and what it has hidden from the page. */
export const translation = (page) => page.evaluate(() => ({ translated: globalThis.translated, stale: globalThis.stale }));
