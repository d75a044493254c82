// What xtask/seal.mjs writes into the documents of the build, without a browser.

import { createHash } from "node:crypto";
import { expect, test } from "@playwright/test";
import { integrityOf, listElement, listOf, redirect, sealed } from "../../../xtask/seal/page.mjs";

const PAGE = `<meta content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'"><title>VM Restore</title><style>body{margin:0}</style>`;
const LIST = { release: "0123456789abcdef", integrity: { "boot-0a.js": integrityOf("boot"), "app-0b.css": integrityOf("css"), "sw.js": integrityOf("worker") } };
const sha256 = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const seal = (page, more = {}) => sealed(page, { list: LIST, boot: "boot-0a.js", start: "start()", ...more });

test("the policy admits each inline script and style, and no other", () => {
  const page = seal(PAGE);
  const inline = [...page.matchAll(/<(script|style)( type="importmap")?>([^]*?)<\/\1>/g)].map(([, , , text]) => text);
  expect(inline).toHaveLength(3);
  expect([...page.matchAll(/'sha256-[^']+'/g)].map(([hash]) => hash).sort()).toEqual(inline.map(sha256).sort());
});

test("the first module and all that are imported say what they hash to; a worker is no module", () => {
  const page = seal(PAGE);
  const { "boot-0a.js": boot } = LIST.integrity;
  expect(page).toContain(`<script type="module" src="boot-0a.js" crossorigin="anonymous" integrity="${boot}">`);
  expect(JSON.parse(/importmap">([^]*?)</.exec(page)[1])).toEqual({ integrity: { "./boot-0a.js": boot } });
  expect(listOf(page)).toEqual(LIST);
});

test("what cannot be sealed is an error of the build", () => {
  expect(() => seal(PAGE.replace("script-src 'self'", ""))).toThrow("script-src 'self'");
  expect(() => seal(PAGE + PAGE)).toThrow("once");
  expect(() => listElement({ name: "</script>" })).toThrow("end its element");
  expect(() => redirect("script-src 'self' <!-- scripts -->", ["'</script>'"])).toThrow("end its element");
  expect(() => redirect("script-src 'self'", ["one()"])).toThrow("<!-- scripts -->");
});

test("texts are put in as they are, with all that a replacement would read in them", () => {
  const start = "'$&$1$`'";
  expect(seal(PAGE, { start })).toContain(`<script>${start}</script>`);
  const page = redirect("script-src 'self' <!-- scripts -->", ["one('$&')", "two()"]);
  expect(page).toContain("<script>one('$&')</script>");
  expect(page).toContain(`script-src ${sha256("one('$&')")} ${sha256("two()")}`);
});
