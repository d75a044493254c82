// What stands in the way of a restore, told on the review: by an account that may read everything, and by one that may not.

import { expect, test } from "../support/fixtures.mjs";
import { accessToken } from "../support/token.mjs";

const PROGRESS = ["--progress", "per-read:3", "--retry-after", "1"];

const GROUPS = "/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001/resourceGroups";
const NETWORK = `${GROUPS}/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-prod-weu`;
const NEW_VM = { scenario: "another", vmName: "web-01-copy", network: NETWORK, subnet: `${NETWORK}/subnets/default` };

const account = (name) => `${GROUPS}/rg-restore-weu/providers/Microsoft.Storage/storageAccounts/${name}`;

/** The review of a restore, a new virtual machine unless the choices say otherwise; and the section that tells. */
async function review(app, choices = NEW_VM) {
  await app.connect(accessToken());
  await app.openVm("web-01");
  await app.openFirstPoint();
  await app.fill({ group: `${GROUPS}/rg-restore-weu`, account: account("contosostageweu"), ...choices });
  await app.review();
  const section = app.page.getByRole("region", { name: "Readiness" });
  await expect(section.getByText(/^Checking: /)).toHaveCount(0);
  return section;
}

test.describe("an owner", () => {
  test.use({ simulatorArgs: PROGRESS });

  test("is told that nothing was found, check by check", async ({ app, accessible }) => {
    const section = await review(app);
    const fine = section.getByRole("list", { name: "Nothing found" }).getByRole("listitem");
    await expect(fine.filter({ hasText: /^vCPU quota: [\d,]+ of [\d,]+ vCPUs free$/ })).toBeVisible();
    for (const title of ["Permissions", "Deny assignments", "Locks", "Policies", "Resource providers", "VM size", "Disk quota", "IP addresses", "Staging account network", "Settings not restored"]) {
      await expect(fine.filter({ hasText: new RegExp(`^${title}`) })).toBeVisible();
    }
    await expect(section.getByText("Couldn't check")).toHaveCount(0);
    await accessible();
  });

  for (const { name, choices, check, words, error } of [
    { name: "rg-frozen", choices: { group: `${GROUPS}/rg-frozen` }, check: "Locks", words: "The read-only lock change-freeze covers rg-frozen", error: /ScopeLocked/ },
    { name: "rg-tagged", choices: { group: `${GROUPS}/rg-tagged` }, check: "Policies", words: "requires tags.costCenter on a VM in rg-tagged", error: /RequestDisallowedByPolicy/ },
    {
      name: "contosovnetonly",
      choices: { account: account("contosovnetonly") },
      check: "Staging account network",
      words: "The network rules of contosovnetonly don't allow trusted Azure services",
      error: /AuthorizationFailure/,
    },
  ]) {
    test(`is told of what ${name} has, and a restore that is started all the same fails of it`, async ({ app, page, accessible }) => {
      const section = await review(app, { ...NEW_VM, ...choices });
      await expect(section.getByText(check, { exact: true })).toBeVisible();
      await expect(section.getByRole("listitem").filter({ hasText: words }).first()).toBeVisible();
      await accessible();
      await app.start();
      expect(await app.follow()).toBe("Failed");
      await expect(page.getByText(error).first()).toBeVisible();
    });
  }
});

/** The form of an archived recovery point, to be rehydrated at high priority: how the field of the priority is described. */
async function rehydration(app) {
  await app.connect(accessToken());
  await app.openVm("files-01");
  const tier = app.field("Tier");
  await tier.selectOption({ label: await tier.getByRole("option", { name: /^Archive/ }).first().innerText() });
  await app.openFirstPoint();
  await app.fill({ scenario: "disks", group: `${GROUPS}/rg-restore-weu`, account: account("contosostageweu") });
  await app.pick("Priority", (_, text) => text.startsWith("High"));
  return app.field("Priority");
}

test.describe("a subscription without a resource provider", () => {
  test.use({ simulatorArgs: PROGRESS });

  test("is named with the command that registers it, and a restore that is started all the same is rejected", async ({ app, page, accessible }) => {
    const group = "/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00003/resourceGroups/rg-sandbox";
    const section = await review(app, { scenario: "disks", become: "managed", subscription: "Contoso Sandbox", group });
    await expect(section.getByText("Resource providers", { exact: true })).toBeVisible();
    const problem = section.getByRole("listitem").filter({ hasText: "Microsoft.RecoveryServices isn't registered in the subscription" });
    await expect(problem.first()).toContainText("az provider register --namespace Microsoft.RecoveryServices");
    await accessible();
    await app.start();
    await expect(page.getByText("Azure rejected the request").first()).toBeVisible();
    await expect(page.getByText("not registered for Microsoft.RecoveryServices").first()).toBeVisible();
  });
});

test.describe("an archived recovery point", () => {
  test.use({ simulatorArgs: PROGRESS });

  test("says on the form and on the review what Azure says that its rehydration costs", async ({ app, page, accessible }) => {
    const price = /Azure's retail price at high priority: 0\.1 per GB per month, for [\d.]+ GiB\. Azure doesn't tell the currency\./;
    await expect(await rehydration(app)).toHaveAccessibleDescription(price);
    await accessible();
    await app.review();
    await expect(page.getByRole("row", { name: /^Priority/ })).toContainText(price);
    await accessible();
  });
});

test.describe("an archived recovery point and an account that may not ask for the price", () => {
  test.use({ simulatorArgs: [...PROGRESS, "--role", "backup-operator"] });

  test("says which permission is missing", async ({ app }) => {
    await expect(await rehydration(app)).toHaveAccessibleDescription(/Price at high priority not known: missing permission \S*fetchTieringCost\/action\S* \(built-in role: Contributor\)\./);
  });
});

test.describe("a subscription with few vCPUs left", () => {
  test.use({ simulatorArgs: [...PROGRESS, "--free-vcpus", "3"] });

  test("is short of them", async ({ app }) => {
    const section = await review(app);
    await expect(section.getByRole("listitem").filter({ hasText: /Needs 4 vCPUs; the quota Total Regional vCPUs in westeurope has 3 of \d+ free/ }).first()).toBeVisible();
  });
});

test.describe("a Backup Operator", () => {
  test.use({ simulatorArgs: [...PROGRESS, "--role", "backup-operator"] });

  test("is told which permissions are missing, and what could not be checked", async ({ app, accessible }) => {
    const section = await review(app);
    const lines = section.getByRole("listitem");
    await expect(lines.filter({ hasText: "Microsoft.Storage/storageAccounts/write" })).toContainText("Storage Account Contributor");
    await expect(lines.filter({ hasText: "missing permission Microsoft.Compute/skus/read" })).toContainText("VM size");
    await expect(section.getByRole("button", { name: "Copy message for an administrator" })).toBeVisible();
    await expect(section.getByRole("button", { name: "Copy custom role" })).toBeVisible();
    // What may not be read is told here, and stops nothing.
    await expect(app.button("Start restore")).toBeEnabled();
    await accessible();
  });
});

test.describe("whoever is eligible for a role", () => {
  test.use({ simulatorArgs: [...PROGRESS, "--role", "eligible"], config: { allow: { roleActivation: true } } });

  test("activates it beside the missing permission, after the request was shown", async ({ app, page, accessible }) => {
    const section = await review(app);
    await section.getByRole("button", { name: "Activate the role Contributor" }).click();
    const form = section.getByRole("region", { name: /^Activate the role Contributor on/ });
    await expect(form.getByText("Enter a justification: this role requires one.")).toBeVisible();
    await accessible();
    await form.getByRole("textbox", { name: "Justification" }).fill("Restore after the outage");
    await form.getByRole("button", { name: "Activate role" }).click();
    const dialog = page.getByRole("dialog", { name: "Activate the role?" });
    await expect(dialog.getByRole("button", { name: "Don't activate" })).toBeFocused();
    await expect(dialog).toContainText("roleAssignmentScheduleRequests");
    const sent = page.waitForRequest((request) => request.method() === "PUT");
    await dialog.getByRole("button", { name: "Activate role" }).click();
    expect(JSON.parse((await sent).postData()).properties).toMatchObject({ requestType: "SelfActivate", justification: "Restore after the outage" });
    await expect(section.getByText("Microsoft.Storage/storageAccounts/write")).toHaveCount(0);

    await expect(section.getByText("missing permission")).toHaveCount(0);

    // It is still shown, with the way to end it.
    await section.getByRole("button", { name: "Deactivate the role Contributor" }).click();
    const end = page.getByRole("dialog", { name: "Deactivate the role?" });
    await expect(end.getByRole("button", { name: "Keep active" })).toBeFocused();
    await accessible();
    const ended = page.waitForRequest((request) => request.method() === "PUT");
    await end.getByRole("button", { name: "Deactivate role" }).click();
    expect(JSON.parse((await ended).postData()).properties).toMatchObject({ requestType: "SelfDeactivate" });
    await expect(section.getByText("Azure has deactivated the role")).toBeVisible();
    await expect(section.getByText("Microsoft.Storage/storageAccounts/write").first()).toBeVisible();
    await expect(section.getByRole("button", { name: "Activate the role Contributor" })).toBeVisible();
    await accessible();
  });
});

test.describe("a Reader", () => {
  test.use({ simulatorArgs: [...PROGRESS, "--role", "reader"] });

  test("is told that the restore itself is missing", async ({ app }) => {
    const section = await review(app);
    await expect(section.getByRole("listitem").filter({ hasText: "recoveryPoints/restore/action" })).toContainText("Backup Operator");
  });
});

test.describe("the form", () => {
  test.use({ simulatorArgs: PROGRESS });

  test("shows a problem at its field and in a fold, until another choice is made", async ({ app, page, accessible }) => {
    await app.connect(accessToken());
    await app.openVm("web-01");
    await app.openFirstPoint();
    await app.fill({ scenario: "disks", group: `${GROUPS}/rg-frozen` });
    const fold = page.locator("summary").filter({ hasText: "Readiness" });
    await expect(fold).toHaveText("Readiness1 problem");
    await expect(page.getByRole("combobox", { name: "Target resource group" })).toHaveAccessibleDescription(/read-only lock change-freeze covers rg-frozen/);
    await fold.press("Enter");
    await expect(page.getByRole("listitem").filter({ hasText: "Ask its owner to remove it" })).toBeVisible();
    await accessible();
    await app.fill({ scenario: "disks", group: `${GROUPS}/rg-restore-weu` });
    await expect(page.getByText("Readiness: nothing found")).toBeVisible();
    await expect(fold).toHaveCount(0);
  });
});
