// What the journeys have in common: a restore of managed disks, from the list of machines to its end.

import assert from "node:assert/strict";

const ENDED = ["Completed", "Completed with warnings", "Failed", "Canceled", "Rejected by Azure", "Not started"];

/** A machine of the simulator that nothing goes wrong with. */
const MACHINE = "web-01";

/** Chooses the machine and its first recovery point, and reviews a restore of its disks. */
export async function review(screen) {
  await screen.heading("Choose a virtual machine");
  await screen.type("searchbox", "Search virtual machines", MACHINE);
  await screen.pressRow(MACHINE);
  await screen.heading(/^Choose a recovery point/);
  await screen.pressRow();
  await screen.heading("Restore settings");
  await screen.press("radio", "Restore disks");
  await screen.press("radio", "Managed disks in a resource group");
  await screen.chooseAllowed("Target resource group");
  await screen.chooseAllowed("Staging storage account");
  await screen.press("link", "Review");
  await screen.heading("Review and start");
}

/** Starts what is reviewed and follows it to its end, which must be a good one. */
export async function restore(screen) {
  await screen.press("button", "Start restore");
  await screen.heading(/^Restore of /);
  await ends(screen, "Completed");
}

export async function ends(screen, end) {
  let state;
  await screen.until("end of the restore", async () => {
    state = (await (await screen.find("status", "State")).getText()).trim();
    if (ENDED.includes(state)) return true;
    await screen.pressIfThere("Check now");
  }, 60_000);
  assert.equal(state, end, await screen.text());
}
