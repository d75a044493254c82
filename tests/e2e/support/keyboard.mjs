// Going through a page without a mouse.

import { expect } from "@playwright/test";
import { isTyped, optionsOf, takeOption } from "./app.mjs";

/** The most stops on the way to a control; a page with more is not one that a person tabs through. */
const FAR = 150;

/**
 * Presses Tab until the control has the focus.
 * @param {import("@playwright/test").Locator} control
 */
export async function tabTo(control) {
  const page = control.page();
  // Found once: to look for a name among the rows of a table at every stop takes longer than the walk.
  let found;
  for (let stops = 0; stops < FAR; stops += 1) {
    const here = await found?.evaluate((it) => (it.isConnected ? it === document.activeElement : undefined));
    if (here) return;
    if (here === undefined) found = await control.elementHandle();
    else await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${control}`);
}

/** Goes to a control and presses a key on it: Enter for links and buttons, Space for radios and checkboxes. */
export async function press(control, key = "Enter") {
  await tabTo(control);
  await control.page().keyboard.press(key);
}

/**
 * Goes to a group of radios and moves by arrow keys to one of them: radios of a group are one stop of Tab.
 * @param {import("@playwright/test").Locator} group
 */
export async function arrowTo(group, name) {
  const page = group.page();
  const radio = group.getByRole("radio", { name, exact: true });
  await expect(radio).toBeEnabled(); // the answers that it waits for may be under way
  const enabled = await group.getByRole("radio", { disabled: false }).all();
  const checked = group.getByRole("radio", { checked: true });
  if (await checked.count()) await tabTo(checked.first());
  else await press(enabled[0], "Space");
  for (const _ of enabled) {
    if (await radio.isChecked()) return;
    await page.keyboard.press("ArrowDown");
  }
  if (!(await radio.isChecked())) throw new Error(`Arrow keys do not lead to “${name}”`);
}

/** Goes to a picker and takes the option by arrow keys that `fits(text)`. */
export async function choose(select, fits) {
  const page = select.page();
  const arrived = async () => (await isTyped(select)) || (await select.locator("option").count()) > 1;
  await expect.poll(arrived, `${select} has options`).toBe(true); // the answers that it waits for may be under way
  if (await isTyped(select)) {
    await tabTo(select);
    return takeOption(select, fits);
  }
  const offered = async () => (await optionsOf(select)).some(({ value, text, disabled }) => value && !disabled && fits(text));
  await expect.poll(offered, `an option of ${select} fits`).toBe(true); // the answers that it waits for may be under way
  await tabTo(select);
  await page.keyboard.press("Home");
  const options = await select.locator("option").count();
  for (let moves = 0; moves < options; moves += 1) {
    const { text, value } = await select.evaluate((it) => ({ text: it.selectedOptions[0]?.text ?? "", value: it.value }));
    if (value && fits(text)) return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`Arrow keys do not lead to an option of ${select} that fits`);
}

/** Goes to a field and types into it, over what it holds. */
export async function type(field, text) {
  await tabTo(field);
  await field.page().keyboard.press("ControlOrMeta+A");
  await field.page().keyboard.type(text);
}
