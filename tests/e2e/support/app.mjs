// The app as a person uses it: by roles and labels. All that the tests know of its pages is in this file.

import { expect } from "@playwright/test";

/** The text of the state, and the end that it stands for; other texts stand for work under way. */
export const ENDS = {
  Completed: "Completed",
  "Completed with warnings": "CompletedWithWarnings",
  Failed: "Failed",
  Canceled: "Cancelled",
  "Rejected by Azure": "Refused",
  "Not started": "NotSent",
};
export const IN_PROGRESS = "In progress";
export const CANCELLING = "Canceling";

const SCENARIOS = {
  disks: "Restore disks",
  selected: "Restore selected disks",
  replace: "Replace existing disks",
  another: "Create a new virtual machine",
};
const NETWORK_ACCESS = {
  SameAsOnSourceDisks: "Same as on the source disks",
  EnablePublicAccessForAllDisks: "Public access",
  EnablePrivateAccessForAllDisks: "Private access",
};

/** How long what is looked at again and again may take, in milliseconds: what hangs ends, what is slow does not. */
const PATIENCE = 120_000;
/** How long a list may take to offer an id before the id is typed instead, in milliseconds. */
const OFFERED = 4_000;
/** How often a person looks up, in milliseconds. */
const GLANCE = 200;

const same = (a, b) => a.toLowerCase() === b.toLowerCase();
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * What a select offers.
 * @param {import("@playwright/test").Locator} select
 * @returns {Promise<{value: string, text: string, selected: boolean, disabled: boolean}[]>}
 */
export function optionsOf(select) {
  // The last option of a short list asks for an ID, and stands for nothing.
  return select.locator("option").evaluateAll((all) => all.filter(({ value }) => value !== "by-id").map(({ value, text, selected, disabled }) => ({ value, text, selected, disabled })));
}

/** Whether a field is a combobox that is typed into, not a `<select>`. */
export const isTyped = (field) => field.evaluate((it) => it.tagName === "INPUT");

/** The option that the keys have reached in an open combobox. */
const reached = (box) =>
  box.evaluate((it) => {
    const option = it.getRootNode().getElementById(it.getAttribute("aria-activedescendant"));
    if (!option) return undefined;
    const [name, note] = option.children;
    const text = note?.dataset.tone ? `${name.textContent} — ${note.textContent}` : name.textContent;
    return { id: option.id, text, disabled: option.ariaDisabled === "true", selected: option.ariaSelected === "true" };
  });

/**
 * Goes through the list of a combobox by keys and takes the first option that can be chosen and fits.
 * @param {import("@playwright/test").Locator} box
 * @param {(text: string) => boolean} fits
 * @returns {Promise<string[] | undefined>} what is offered if nothing fits
 */
async function tryOption(box, fits) {
  await box.focus();
  await box.press("ArrowDown");
  await box.press("Home");
  const offered = [];
  for (let last; ; await box.press("ArrowDown")) {
    const option = await reached(box);
    if (!option || option.id === last) break;
    last = option.id;
    offered.push(option.disabled ? `(${option.text})` : option.text);
    if (!option.disabled && !option.text.startsWith("Not suitable (") && fits(option.text)) {
      await box.press(option.selected ? "Escape" : "Enter");
      return undefined;
    }
  }
  await box.press("Escape");
  return offered;
}

/** Takes an option of a combobox by keys as soon as one fits: the answers that it waits for may be under way. */
export async function takeOption(box, fits) {
  await expect.poll(() => tryOption(box, fits), { message: `what ${box} offers until an option fits` }).toBeUndefined();
}

export class App {
  /**
   * @param {import("@playwright/test").Page} page
   * @param {string} url of the page
   */
  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  async open(hash = "") {
    await this.page.goto(this.url + hash);
    await this.heading().waitFor();
  }

  heading(name) {
    return this.page.getByRole("heading", { level: 1, ...(name && { name }) });
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** Presses a button that comes and goes, in one step: a click that is given up half way swallows those that follow. */
  async pressIfThere(name) {
    await this.button(name).evaluateAll((buttons) => buttons.forEach((it) => it.click()));
  }

  /**
   * Stops the clock that the test has installed: from here on only the test moves it. It stops a minute ahead, because it can't go back and a
   * busy machine takes seconds to get there.
   */
  async stopClock() {
    await this.page.clock.pauseAt((await this.page.evaluate(() => Date.now())) + 60_000);
  }

  /**
   * Lets time pass on a clock that the test has installed, in steps of half a second, until Azure has accepted the request. A longer step lets one
   * call be answered at most, and the page gives up preparing after 15 minutes of the demo's time, which goes 20 times as fast.
   */
  async sent() {
    await expect(async () => {
      await this.page.clock.runFor(500);
      expect(await this.state()).not.toMatch(/^(Not started|Preparing)/);
    }).toPass({ timeout: PATIENCE, intervals: [GLANCE] });
  }

  /** A picker of the form. */
  field(name) {
    return this.page.getByRole("combobox", { name, exact: true });
  }

  /** Shows the request, which the review and the form fold. */
  async unfoldRequest() {
    const folded = this.page.locator("details:not([open]) > summary", { hasText: /^Exact request/ });
    if (await folded.count()) await folded.click();
    const toggle = this.page.getByRole("button", { name: "JSON", exact: true, expanded: false });
    if (await toggle.count()) await toggle.click();
  }

  /** The JSON that a preview shows. */
  async json(label) {
    await this.unfoldRequest();
    const lines = this.page.getByRole("list", { name: label, exact: true }).locator("code");
    await lines.first().waitFor();
    return JSON.parse((await lines.allInnerTexts()).join("\n"));
  }

  /** The URL that the review names. */
  async requestUrl() {
    await this.unfoldRequest();
    return (await this.page.getByRole("row", { name: /^URL/ }).getByRole("cell").innerText()).trim();
  }

  // -- connect ---------------------------------------------------------------------------------

  /** Starts the demo; `place` is where one comes to, which a link or a reload decides. */
  async startDemo(place = "Choose a virtual machine") {
    await this.button("Start the demo").click();
    await this.heading(place).waitFor();
  }

  async connect(token) {
    await this.page.getByRole("textbox", { name: "Access token" }).fill(token);
    await this.button("Connect").click();
    await this.heading("Choose a virtual machine").waitFor();
  }

  // -- what to restore -------------------------------------------------------------------------

  /** The list of machines has all that it will have. */
  async machinesRead() {
    await this.page.locator("#machine-count").filter({ hasText: /VMs(?! so far)/ }).first().waitFor();
  }

  /** The field that searches the machines. */
  search() {
    return this.page.getByRole("searchbox", { name: "Search virtual machines" }).or(this.page.getByRole("textbox", { name: "Search virtual machines" }));
  }

  /** Chooses an item of a vault: `{vaultName, vmName}`. */
  async chooseVm({ vaultName, vmName }) {
    await this.machinesRead();
    await this.search().fill(vmName);
    const rows = this.page.getByRole("table", { name: "Protected virtual machines" }).getByRole("row");
    const link = rows.filter({ hasText: vaultName }).getByRole("link", { name: new RegExp(`^${escaped(vmName)}$`, "i") });
    await link.first().click();
    await this.heading(/^Choose a recovery point/).waitFor();
  }

  /** Chooses the api-version of the calls that the secondary region answers. */
  async chooseSecondaryVersion(version) {
    await this.page.getByRole("link", { name: "Settings" }).click();
    await this.field("API version for cross-region restore").selectOption(version);
  }

  /** Chooses an item of a vault in its secondary region: `{vaultId, region, vmName}`; the region is written down where Azure names another. */
  async chooseSecondaryVm({ vaultId, region, vmName }) {
    const { page } = this;
    await page.goto(`${this.url}#/secondary?vault=${encodeURIComponent(vaultId)}`);
    await this.heading("Restore in the secondary region").waitFor();
    const select = this.field("Secondary region");
    await select.locator("option").nth(1).waitFor({ state: "attached", timeout: 20_000 }).catch(() => undefined);
    const named = new RegExp(`/secondary/${region}/`);
    const link = page.getByRole("table", { name: "Protected virtual machines" }).getByRole("link", { name: new RegExp(`^${escaped(vmName)}$`, "i") }).first();
    const leads = async () => named.test((await link.getAttribute("href", { timeout: 2_000 }).catch(() => "")) ?? "");
    if (!(await leads())) {
      const typed = page.getByRole("textbox", { name: "Secondary region by name", includeHidden: true });
      await page.locator("details").filter({ has: typed }).locator("summary").click();
      await typed.fill(region);
      await typed.press("Enter");
    }
    await page.locator(`a[href*="/secondary/${region}/"]`).first().waitFor();
    await link.click();
    await this.heading(/^Choose a recovery point/).waitFor();
  }

  /** Chooses the recovery point whose id is `name`. */
  async choosePoint(name) {
    const rows = this.page.getByRole("table", { name: "Recovery points" }).getByRole("row");
    await rows.filter({ has: this.page.getByRole("cell", { name, exact: true }) }).getByRole("link").first().click();
    await this.heading("Restore settings").waitFor();
  }

  // -- how and where ---------------------------------------------------------------------------

  /** Makes the choices, see `../replay/choices.mjs`; those that are absent stay as the app proposes them. */
  async fill(choices) {
    const { page } = this;
    await page.waitForLoadState("networkidle"); // the form has what it asked Azure for
    await page.getByRole("radio", { name: SCENARIOS[choices.scenario], exact: true }).check();
    if (choices.luns) await this.pickDisks(choices.luns);
    // Where only one result is possible it is set, and not asked for.
    const become = page.getByRole("group", { name: "Restore disks as" });
    if (choices.become && (await become.count())) {
      const disks = { managed: "Managed disks in a resource group", vhd: "Unmanaged VHD blobs in storage accounts" };
      await become.getByRole("radio", { name: disks[choices.become] }).check();
    }
    if (choices.subscription) {
      await this.pick("Target subscription", (value, text) => [value, text].some((it) => it.toLowerCase().includes(choices.subscription.toLowerCase())));
    }
    await this.pickId("Target resource group", choices.group);
    if (choices.vmName) await page.getByRole("textbox", { name: "New virtual machine name" }).fill(choices.vmName);
    await this.pickId("Virtual network", choices.network);
    await this.pickId("Subnet", choices.subnet);
    await this.pickId("Staging storage account", choices.account);
    if (choices.zone || choices.encryptionSet || choices.identity || choices.edgeZone) await this.openAdvanced();
    if (choices.zone) await this.pick("Availability zone", (_, text) => same(text, choices.zone === "NoZone" ? "No zone" : choices.zone));
    await this.pickId("Disk encryption set", choices.encryptionSet);
    await this.pickId("Disk encryption set for the confidential OS disk", choices.osEncryptionSet);
    if (choices.identity === "system") await this.pick("Staging access", (_, text) => /system-assigned/.test(text));
    else if (choices.identity) await this.pickId("Staging access", choices.identity);
    if (choices.networkAccess) await this.pick("Disk network access", (_, text) => text === NETWORK_ACCESS[choices.networkAccess]);
    await this.pickId("Disk access resource", choices.diskAccess);
    if (choices.edgeZone) await page.getByRole("checkbox", { name: `Restore to the edge zone ${choices.edgeZone}` }).check();
    if (choices.originalAccounts) await page.getByRole("checkbox", { name: "Restore VHD blobs to the disks' original storage accounts" }).check();
    if (choices.rehydrate) {
      await this.pick("Priority", (_, text) => same(text, choices.rehydrate.priority));
      await page.getByRole("spinbutton", { name: "Days to keep the rehydrated copy" }).fill(String(choices.rehydrate.days));
    }
  }

  /** Unfolds the settings that have defaults. */
  async openAdvanced() {
    const advanced = this.page.locator("details").filter({ has: this.page.locator("summary", { hasText: /^Advanced/ }) });
    if ((await advanced.getAttribute("open")) === null) await advanced.locator("summary").click();
  }

  /** Checks exactly these data disks; the OS disk is always restored. */
  async pickDisks(luns) {
    const disks = this.page.getByRole("group", { name: "Disks to restore" });
    const disk = (lun) => disks.getByRole("checkbox", { name: new RegExp(`^LUN ${lun}\\b`) });
    for (const lun of luns) await disk(lun).check();
    const labels = await disks.getByRole("checkbox", { checked: true }).evaluateAll((boxes) => boxes.map((box) => box.labels[0]?.textContent ?? ""));
    const checked = labels.map((label) => /LUN (\d+)/.exec(label)?.[1]).filter(Boolean).map(Number);
    for (const lun of checked.filter((it) => !luns.includes(it))) await disk(lun).uncheck();
  }

  /** Picks the option whose value is an ARM id; what a short list lacks is given by its id. */
  async pickId(label, id) {
    if (!id) return;
    const field = this.field(label);
    await field.waitFor();
    const asked = () => field.evaluate((it) => [...(it.options ?? [])].some(({ value }) => value === "by-id"));
    if (!(await isTyped(field))) {
      const byId = await asked();
      try {
        return void (await this.pick(label, (value) => same(value, id), { patience: byId ? OFFERED : PATIENCE }));
      } catch (error) {
        if (!(await isTyped(field)) && !(await asked())) throw error;
      }
    }
    const end = Date.now() + PATIENCE;
    for (;;) {
      if (!(await isTyped(field))) await field.selectOption("by-id");
      await field.fill(id);
      await field.press("Enter");
      // Whether the id is refused may depend on answers that are still read.
      if ((await field.getAttribute("aria-invalid")) === null) return;
      if (Date.now() > end) throw new Error(`“${label}” does not allow ${id}: ${(await this.text()).slice(0, 2_000)}`);
      await this.page.waitForTimeout(GLANCE);
    }
  }

  /**
   * Picks the option that fits as soon as it is offered; with `allowed` the first of them that is not disabled. A select
   * that shows it already is left alone.
   */
  async pick(label, fits, { allowed = false, patience = PATIENCE } = {}) {
    const select = this.page.getByRole("combobox", { name: label, exact: true });
    await select.waitFor();
    const end = Date.now() + patience;
    for (;;) {
      if (await isTyped(select)) {
        // Options that are not allowed cannot be taken.
        const offered = await tryOption(select, (text) => fits("?", text));
        if (!offered) return;
        if (Date.now() > end) throw new Error(`“${label}” offers only: ${offered.join(" | ")}`);
        await this.page.waitForTimeout(GLANCE);
        continue;
      }
      const options = await optionsOf(select);
      const option = options.find(({ value, text, disabled }) => fits(value, text) && !(allowed && disabled));
      if (option?.selected) return;
      if (option && !option.disabled && (await select.isEnabled())) return void (await select.selectOption(option.value));
      if (Date.now() > end) {
        const offered = options.map(({ text, disabled }) => (disabled ? `(${text})` : text)).join(" | ");
        throw new Error(option ? `“${label}” does not allow “${option.text}”` : `“${label}” offers only: ${offered}`);
      }
      await this.page.waitForTimeout(GLANCE);
    }
  }

  // -- first come, first served: for pictures and short journeys -------------------------------

  /** Opens a virtual machine by its name. */
  async openVm(name) {
    const { page } = this;
    await page.getByRole("searchbox").or(page.getByRole("textbox", { name: /Search/ })).first().fill(name);
    await page.getByRole("link", { name, exact: true }).first().click();
    await this.heading(/^Choose a recovery point/).waitFor();
  }

  /** Opens the first virtual machine of the whole list: while some are still being read, another one may stand first. */
  async openFirstVm() {
    const links = this.page.getByRole("table", { name: "Protected virtual machines" }).getByRole("link");
    await links.first().waitFor();
    await this.machinesRead();
    await links.first().click();
    await this.heading(/^Choose a recovery point/).waitFor();
  }

  async openFirstPoint() {
    await this.page.getByRole("table", { name: "Recovery points" }).getByRole("link").first().click();
    await this.heading("Restore settings").waitFor();
  }

  /** Managed disks into the first group and by the first account that are allowed. */
  async proposeDisks() {
    await this.fill({ scenario: "disks", become: "managed" });
    await this.pick("Target resource group", (value) => value !== "", { allowed: true });
    await this.pick("Staging storage account", (value) => value !== "", { allowed: true });
  }

  // -- review and start ------------------------------------------------------------------------

  async review() {
    const { page } = this;
    await this.button("Review").or(page.getByRole("link", { name: "Review", exact: true })).first().click();
    await this.heading("Review and start").waitFor();
  }

  /** Starts the restore; `vmName` is typed where replacing disks asks for it. */
  async start(vmName) {
    const { page } = this;
    const confirmation = page.getByRole("textbox", { name: "Type the VM name to confirm" });
    if (vmName) await confirmation.fill(vmName);
    const start = this.button("Start restore");
    // It is enabled when the answers are there that it waits for.
    await start.click().catch(async (error) => {
      const missing = await page.getByRole("list", { name: "What is missing" }).getByRole("listitem").allInnerTexts();
      throw missing.length ? new Error(`“Start restore” is disabled: ${missing.join("; ")}`) : error;
    });
    await this.heading(/^Restore of /).waitFor();
  }

  // -- follow ----------------------------------------------------------------------------------

  /** The state that the page shows. */
  async state() {
    return (await this.page.getByRole("status", { name: "State" }).innerText()).trim();
  }

  /**
   * Follows the restore, pressing *Look now* whenever it is enabled, until `enough(state)` or the end. A state of `past` is none: something
   * is done about it.
   * @returns {Promise<string>} the state shown last
   */
  async follow({ enough = () => false, past = [] } = {}) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const state = await this.state();
      if ((state in ENDS && !past.includes(state)) || Date.now() > end || (await enough(state))) return state;
      await this.pressIfThere("Check now");
      await this.page.waitForTimeout(GLANCE);
    }
  }

  async cancel() {
    await this.button("Cancel the job").click();
    const sure = this.page.getByRole("dialog").getByRole("button", { name: /^Cancel the job/ });
    if (await sure.isVisible()) await sure.click();
  }

  /** All that the page says, spaces made one. */
  async text() {
    return (await this.page.getByRole("main").innerText()).replace(/\s+/g, " ");
  }

  /** Where one is, and what the page complains of. */
  async where() {
    const texts = async (locator) => (await locator.allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
    const told = this.page.getByRole("alert").or(this.page.getByRole("region", { name: "Problems" }));
    const [heading, alerts] = [await texts(this.heading()), await texts(told)];
    return [`on “${heading.join(" ")}”`, ...alerts].join(": ");
  }
}
