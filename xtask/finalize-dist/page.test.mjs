// What a finished page says of its release.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { finalizePage, finalizeRedirect, integrityOf, releaseElement, releaseOf, withIcons, withNames } from "./page.mjs";

const PAGE = `<meta content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'"><title>VM Restore</title><style>body{margin:0}</style><link as=fetch href=./vm-restore-0a_bg.wasm integrity=sha384-AB/+= rel=preload type=application/wasm>`;
const LIST = { release: "0123456789abcdef", integrity: { "boot-0a.js": integrityOf("boot"), "app-0b.css": integrityOf("css"), "sw.js": integrityOf("worker") } };
const sha256 = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const finalized = (page, more = {}) => finalizePage(page, { list: LIST, boot: "boot-0a.js", start: "start()", ...more });

test("the policy admits each inline script and style, and no other", () => {
  const page = finalized(PAGE);
  const inline = [...page.matchAll(/<(script|style)( type="importmap")?>([^]*?)<\/\1>/g)].map(([, , , text]) => text);
  assert.equal(inline.length, 3);
  assert.deepEqual([...page.matchAll(/'sha256-[^']+'/g)].map(([hash]) => hash).sort(), inline.map(sha256).sort());
});

test("the first module and all that are imported say what they hash to; a worker is no module", () => {
  const page = finalized(PAGE);
  const { "boot-0a.js": boot } = LIST.integrity;
  assert.ok(page.includes(`<script type="module" src="boot-0a.js" crossorigin="anonymous" integrity="${boot}">`));
  assert.deepEqual(JSON.parse(/importmap">([^]*?)</.exec(page)[1]), { integrity: { "./boot-0a.js": boot } });
  assert.deepEqual(releaseOf(page), LIST);
});

test("the preload of WebAssembly is given out while it arrives: it has no hash", () => {
  assert.ok(finalized(PAGE).includes("<link as=fetch href=./vm-restore-0a_bg.wasm rel=preload type=application/wasm>"));
});

test("a page that lacks what must be replaced, or has it twice, fails the build", () => {
  assert.throws(() => finalized(PAGE.replace("script-src 'self'", "")), /script-src 'self'/);
  assert.throws(() => finalized(PAGE + PAGE), /once/);
  assert.throws(() => finalizeRedirect("script-src 'self'", ["one()"]), /<!-- scripts -->/);
  assert.throws(() => withNames(PAGE, { "app-0a.js": "app-0b.js" }), /app-0a\.js/);
  assert.throws(() => withIcons(PAGE, { neutral: "icon-0a.svg" }), /icon/);
  assert.throws(() => finalized(PAGE.replace("rel=preload", "")), /preload of WebAssembly/);
});

test("a text that would end its element fails the build", () => {
  assert.throws(() => releaseElement({ name: "</script>" }), /end its element/);
  assert.throws(() => finalizeRedirect("script-src 'self' <!-- scripts -->", ["'</script>'"]), /end its element/);
});

test("a text is put in as it is, whatever a replacement pattern would make of it", () => {
  const start = "'$&$1$`'";
  assert.ok(finalized(PAGE, { start }).includes(`<script>${start}</script>`));
  const page = finalizeRedirect("script-src 'self' <!-- scripts -->", ["one('$&')", "two()"]);
  assert.ok(page.includes("<script>one('$&')</script>"));
  assert.ok(page.includes(`script-src ${sha256("one('$&')")} ${sha256("two()")}`));
});

test("the link of the icon names all icons, and no hash that fits only one", () => {
  const page = withIcons('<link rel=icon href=./icon-0a.svg integrity=sha384-AB/+= crossorigin><title>', { neutral: "icon-0a.svg", busy: "icon-busy-0b.svg" });
  assert.equal(page, '<link data-neutral="icon-0a.svg" data-busy="icon-busy-0b.svg" rel=icon href=./icon-0a.svg crossorigin><title>');
});
