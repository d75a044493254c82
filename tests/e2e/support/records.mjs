// The restores that the browser has saved: one entry of localStorage each.

const PREFIX = "vm-restore/restores/";
const OLDER = "vm-restore/restores";

/** The saved restores of a page. */
export const savedRestores = (page) => page.evaluate((prefix) => {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return keys.map((key) => JSON.parse(localStorage.getItem(key)));
}, PREFIX);

/** Saves a restore as the page does it, or in the place of the one of its id. */
export const plantRestore = (page, record) => page.evaluate(([prefix, record]) => {
  localStorage.setItem(prefix + record.id, JSON.stringify(record));
}, [PREFIX, record]);

/** Saves restores before the page starts for the first time. */
export const plantBefore = (page, records) => page.addInitScript(([prefix, records]) => {
  for (const record of records) localStorage[prefix + record.id] ??= JSON.stringify(record);
}, [PREFIX, records]);

/** Saves restores in one text, as versions of the page before December 2026 did it, and none as a record. */
export const plantOlder = (page, restores) => page.evaluate(([prefix, older, restores]) => {
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith(prefix))) localStorage.removeItem(key);
  localStorage.setItem(older, JSON.stringify({ version: 2, restores }));
}, [PREFIX, OLDER, restores]);

/** What an older version has left; null where nothing is left. */
export const leftByOlder = (page) => page.evaluate((older) => localStorage.getItem(older), OLDER);
