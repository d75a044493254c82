// axe-core with every rule up to WCAG 2.2 AA and best practice, none off.

import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Rules that axe-core leaves off unless asked, being new or experimental. Left out: WCAG AAA and what is deprecated. */
const ALSO = ["target-size", "css-orientation-lock", "focus-order-semantics", "p-as-heading", "table-fake-caption", "td-has-header"];

/**
 * What axe-core finds on the page as it stands, one line per element.
 * @param {import("@playwright/test").Page} page
 * @param {string} [part] only what is in this element
 * @returns {Promise<string[]>}
 */
export async function axe(page, part) {
  // Evaluated by the browser's debugger, to which the page's Content-Security-Policy does not apply.
  await page.evaluate(await source);
  const violations = await page.evaluate(async ([rules, part]) => {
    // A colour on its way from one to another, for a tenth of a second, is neither.
    const ends = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(ends.map(({ finished }) => finished));
    const options = { resultTypes: ["violations"], rules: Object.fromEntries(rules.map((rule) => [rule, { enabled: true }])) };
    return (await globalThis.axe.run(part ?? document, options)).violations;
  }, [ALSO, part]);
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}: ${node.html}`));
}
