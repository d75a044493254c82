// What a person sees and presses in a driven browser: by roles and names as that browser computes them.

import assert from "node:assert/strict";
import { Key, Select, error as errors } from "selenium-webdriver";

/** How long the page may take to show something that needs a few calls, in milliseconds. */
const SOON = 20_000;
/** How often a person looks up, in milliseconds. */
const GLANCE = 100;

/** Where elements of a role are looked for; whether they have it, the browser says. */
const PLACES = {
  heading: "h1",
  button: "button",
  link: "a[href]",
  table: "table",
  radio: "input[type=radio]",
  combobox: "select, [role=combobox]",
  textbox: "input, textarea",
  searchbox: "input[type=search]",
  status: "output, [role=status]",
};

/** WebKit calls a select a button that opens a menu. */
const ALSO = { combobox: "button" };

/** Errors that say that the page has changed between two looks. */
const CHANGED = [errors.StaleElementReferenceError, errors.NoSuchElementError, errors.ElementNotInteractableError, errors.ElementClickInterceptedError];

const fits = (text, name) => (name instanceof RegExp ? name.test(text) : text === name);

export class Screen {
  /**
   * @param {import("selenium-webdriver").WebDriver} driver
   * @param {{origins: string[], host?: string}} options the origins that may be asked, and the id of the element that the page is mounted in, if it is in another's page
   */
  constructor(driver, { origins, host }) {
    this.driver = driver;
    this.origins = origins;
    this.host = host;
  }

  /** Opens a page and listens from then on for what must never happen in it. */
  async open(url) {
    await this.driver.get(url);
    await this.guard();
  }

  async guard() {
    await this.driver.executeScript(() => {
      // Not `globalThis`, which in Firefox is a sandbox of the driver's own.
      if (window.found) return;
      window.found = [];
      const say = (text) => window.found.push(text);
      document.addEventListener("securitypolicyviolation", (event) => say(`Content-Security-Policy: ${event.effectiveDirective} refused ${event.blockedURI || "inline"}`));
      addEventListener("error", (event) => say(`uncaught: ${event.message}`));
      addEventListener("unhandledrejection", (event) => say(`unhandled: ${event.reason}`));
    });
  }

  /** Fails on what was found in the page since it was opened, and on requests to other origins. */
  async isClean() {
    const { found, asked } = await this.driver.executeScript(() => ({
      found: window.found,
      asked: performance.getEntriesByType("resource").map(({ name }) => name),
    }));
    assert.deepEqual(found, [], "errors of the page and violations of its policy");
    const elsewhere = asked.map((url) => new URL(url)).filter(({ protocol, origin }) => protocol.startsWith("http") && !this.origins.includes(origin));
    assert.deepEqual(elsewhere.map(String), [], "requests to other origins");
  }

  /** Looks until `look` gives something; whatever the page does meanwhile, it is looked at again. */
  async until(what, look, patience = SOON) {
    const once = async () => {
      try {
        return await look();
      } catch (error) {
        if (CHANGED.some((kind) => error instanceof kind)) return undefined;
        throw error;
      }
    };
    return this.driver.wait(once, patience, () => `there is no ${what}`, GLANCE).catch(async (error) => {
      throw new Error(`${error.message.split("\n")[0]}. The page says: ${await this.text().catch(() => "nothing")}`, { cause: error });
    });
  }

  /** The elements that match below an element, else of the whole page. */
  async elements(css, within) {
    const found = await this.driver.executeScript(
      (css, host, within) => [...(within ?? (host ? document.getElementById(host).shadowRoot : document)).querySelectorAll(css)],
      css, this.host ?? null, within ?? null,
    );
    // Firefox answers null while one document is replaced by the next.
    return found ?? [];
  }

  /** The first element with this role and name, if any, that can be seen now. */
  async look(role, name, within) {
    for (const element of await this.elements(PLACES[role], within)) {
      if (name !== undefined && !fits((await element.getAccessibleName()).trim(), name)) continue;
      if ([role, ALSO[role]].includes(await element.getAriaRole()) && (await element.isDisplayed())) return element;
    }
    return undefined;
  }

  /** The first element with this role and name that can be seen, as soon as there is one. */
  async find(role, name) {
    return this.until(`${role} “${name}”`, () => this.look(role, name));
  }

  heading(name) {
    return this.find("heading", name);
  }

  /** Presses the first element with this role and name, as soon as that can be done; `inside` is the role and name of what it is looked for in. */
  async press(role, name, inside) {
    return this.until(`${role} “${name ?? ""}” that can be pressed`, async () => {
      const within = inside && (await this.look(...inside));
      if (inside && !within) return false;
      const element = await this.look(role, name, within);
      if (!element || !(await element.isEnabled())) return false;
      await element.click();
      return true;
    });
  }

  /** Presses the link of the row with this name, or of the first row, by script: WebKitGTK's driver takes it for hidden, because its cell cuts what is too long. */
  async pressRow(name) {
    await this.until(`row “${name ?? ""}”`, () =>
      this.driver.executeScript((host, name) => {
        const links = (host ? document.getElementById(host).shadowRoot : document).querySelectorAll("tbody th a");
        const link = [...links].find((it) => !name || it.textContent.trim() === name);
        link?.click();
        return Boolean(link);
      }, this.host ?? null, name ?? null),
    );
  }

  /** Presses a button that comes and goes, in one step. */
  async pressIfThere(name) {
    await this.driver.executeScript((host, name) => {
      const buttons = (host ? document.getElementById(host).shadowRoot : document).querySelectorAll("button");
      [...buttons].filter((it) => it.textContent.trim() === name).forEach((it) => it.click());
    }, this.host ?? null, name);
  }

  /** Whether the page says this anywhere. */
  async says(text) {
    await this.until(`text “${text}”`, async () => (await this.text()).includes(text));
  }

  /** All that the page says, spaces made one. */
  async text() {
    const [main] = await this.elements("main");
    return (await this.driver.executeScript((main) => main.innerText, main)).replace(/\s+/g, " ");
  }

  async type(role, name, text) {
    const field = await this.find(role, name);
    await field.clear();
    await field.sendKeys(text);
  }

  /** Chooses the first option that is allowed and not the empty one. */
  async chooseAllowed(name) {
    await this.until(`option of “${name}” that is allowed`, async () => {
      const field = await this.find("combobox", name);
      if ((await field.getTagName()) === "input") {
        // The first option that the keys reach is one that is allowed.
        await field.sendKeys(Key.ARROW_DOWN, Key.ENTER);
        return (await field.getAttribute("value")) !== "";
      }
      const select = new Select(field);
      for (const option of await select.getOptions()) {
        // The last option of a short list asks for an ID.
        if (["", "by-id"].includes(await option.getAttribute("value")) || !(await option.isEnabled())) continue;
        if (!(await option.isSelected())) await select.selectByValue(await option.getAttribute("value"));
        return true;
      }
    });
  }
}
